-- Days of which the clocking machine's file is missing are no absence (C2.3): they are named on the pay sheet, and why it was approved nevertheless.
CREATE INDEX clockings_organisation ON clockings (organisation_id, day);
ALTER TABLE pay_sheets ADD COLUMN unclocked TEXT NOT NULL DEFAULT '';        -- days with commas between
ALTER TABLE pay_sheets ADD COLUMN unclocked_reason TEXT NOT NULL DEFAULT '';
-- Where nobody has locked what follows from them they are judged anew.
UPDATE shifts SET judged = FALSE
 WHERE judged = TRUE AND NOT EXISTS (SELECT 1 FROM clockings c WHERE c.organisation_id = shifts.organisation_id AND c.day = shifts.day)
   AND NOT EXISTS (SELECT 1 FROM months m WHERE m.provider_id = shifts.organisation_id AND m.month = substr(shifts.day, 1, 7)
                                            AND m.state IN ('published', 'locked'));

-- An adjustment that takes back names what it corrects, and waits for the person's agreement as compensation does (C2.4).
ALTER TABLE pay_entries ADD COLUMN corrects_month TEXT NOT NULL DEFAULT '';  -- whose slip was wrong
ALTER TABLE pay_entries ADD COLUMN corrects TEXT NOT NULL DEFAULT '';        -- base, performance, adjustment, made_up, reward
UPDATE pay_entries SET deducted_fen = -amount_fen
 WHERE kind = 'adjustment' AND amount_fen < 0 AND state = 'approved'
   AND EXISTS (SELECT 1 FROM pay_sheets s WHERE s.contract_id = pay_entries.contract_id AND s.month = pay_entries.month AND s.state = 'approved');
UPDATE pay_entries SET state = 'draft', approver_id = NULL
 WHERE kind = 'adjustment' AND amount_fen < 0 AND state = 'approved' AND deducted_fen = 0;

-- A reward is paid by the first sheet after it was agreed (C2.5).
ALTER TABLE rewards ADD COLUMN paid_month TEXT NOT NULL DEFAULT '';          -- of the approved sheet that paid it
CREATE INDEX rewards_paid_month ON rewards (paid_month, id);
UPDATE rewards SET paid_month = month
 WHERE channel = 'provider' AND state IN ('agreed', 'settled')
   AND EXISTS (SELECT 1 FROM pay_sheets s JOIN pay_lines l ON l.pay_sheet_id = s.id
                WHERE s.contract_id = rewards.contract_id AND s.month = rewards.month AND s.state = 'approved'
                  AND l.person_id = rewards.person_id AND l.reward_fen > 0);
