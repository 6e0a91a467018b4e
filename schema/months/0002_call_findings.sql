-- What was found wrong with one call stands on its page.
CREATE INDEX call_findings_call ON call_findings (call_id);
