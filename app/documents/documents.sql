-- q_document_bytes_used ($1 sha256, $2 removed since) -> how many documents and recordings still need the bytes
SELECT (SELECT count(*) FROM documents
         WHERE sha256 = $1 AND erased = FALSE AND (state = 'kept' OR updated_at >= $2))
     + (SELECT count(*) FROM recordings WHERE sha256 = $1 AND erased = FALSE)
     + (SELECT count(*) FROM recording_arrivals WHERE sha256 = $1 AND state = 'waiting');

-- q_documents_expired ($1 day, $2 at most) -> ids of those kept longer than they must be
SELECT id FROM documents
 WHERE keep_until > '' AND keep_until < $1 AND state = 'kept' AND legal_hold = FALSE
 ORDER BY keep_until LIMIT $2;

-- q_documents_to_erase ($1 removed before, $2 at most) -> ids of those whose bytes nobody needs
SELECT d.id FROM documents d
 WHERE d.state = 'removed' AND d.erased = FALSE AND d.updated_at < $1
   AND NOT EXISTS (SELECT 1 FROM documents o
                    WHERE o.sha256 = d.sha256 AND o.erased = FALSE
                      AND (o.state = 'kept' OR o.updated_at >= $1))
   AND NOT EXISTS (SELECT 1 FROM recordings r WHERE r.sha256 = d.sha256 AND r.erased = FALSE)
   AND NOT EXISTS (SELECT 1 FROM recording_arrivals w
                    WHERE w.sha256 = d.sha256 AND w.state = 'waiting')
 ORDER BY d.updated_at LIMIT $2;

-- q_document_taken ($1 inspection, $2 document) -> of a photo that an inspection took: when and where by the phone, and when it arrived
SELECT taken_at, created_at AS received_at, latitude, longitude FROM inspection_photos
 WHERE inspection_id = $1 AND document_id = $2 ORDER BY id LIMIT 1;

-- q_document_erased ($1 id, $2 now) -> changes 1
UPDATE documents SET erased = TRUE, version = version + 1, updated_at = $2 WHERE id = $1;

-- q_blob_put ($1 sha256, $2 bytes) -> changes 1; touches a row that is there, so that the sweep of
-- another server, about to drop it, clashes with this
INSERT INTO blobs (sha256, bytes) VALUES ($1, $2) ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256;

-- q_blob ($1 sha256) -> bytes
SELECT bytes FROM blobs WHERE sha256 = $1;

-- q_blob_drop ($1 sha256) -> changes 1 or none
DELETE FROM blobs WHERE sha256 = $1;
