-- Evidence that came after the cut-off waits for nobody's verdict: it is kept.
UPDATE penalties SET state = 'kept' WHERE state = 'proposed' AND late = TRUE;
