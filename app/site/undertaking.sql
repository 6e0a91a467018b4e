-- q_undertaking_last ($1 provider) -> its newest edition; 0 none
SELECT COALESCE(MAX(edition), 0) FROM undertakings WHERE provider_id = $1;
