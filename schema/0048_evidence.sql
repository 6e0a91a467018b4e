-- On how many days somebody was absent or on leave, however short, and of how many days anything is known: so many records stand behind a value.
ALTER TABLE attendance_months ADD COLUMN known_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attendance_months ADD COLUMN absent_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attendance_months ADD COLUMN leave_days BIGINT NOT NULL DEFAULT 0;
UPDATE attendance_months SET
  known_days = (SELECT count(*) FROM attendance a WHERE a.person_id = attendance_months.person_id
                 AND a.day >= attendance_months.month || '-01' AND a.day <= attendance_months.month || '-31'),
  absent_days = (SELECT count(*) FROM attendance a WHERE a.person_id = attendance_months.person_id AND a.absent > 0
                  AND a.day >= attendance_months.month || '-01' AND a.day <= attendance_months.month || '-31'),
  leave_days = (SELECT count(*) FROM attendance a WHERE a.person_id = attendance_months.person_id AND a.on_leave > 0
                 AND a.day >= attendance_months.month || '-01' AND a.day <= attendance_months.month || '-31');

-- A slip leads to the entries of its month.
CREATE INDEX pay_entries_paid ON pay_entries (month THEN_ID);
