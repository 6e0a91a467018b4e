-- q_reviews_since ($1 contract, $2 since) -> reviews published from then on
SELECT count(*) FROM reviews WHERE contract_id = $1 AND published_at >= $2;
