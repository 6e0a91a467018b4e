-- Days that were not worked (C2.3, C2.4): by which rule they reduce the base pay, and on each line which ones they are.
ALTER TABLE pay_rules ADD COLUMN month_days BIGINT NOT NULL DEFAULT 2175;     -- hundredths of the days that a month's base is for
ALTER TABLE pay_rules ADD COLUMN sick_share BIGINT NOT NULL DEFAULT 0;        -- of the base, hundredths of a per cent, for a sick day
ALTER TABLE minimum_wages ADD COLUMN sick_floor BIGINT NOT NULL DEFAULT 8000; -- of the minimum wage, below which no sick day is paid
ALTER TABLE pay_sheets ADD COLUMN missed_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pay_lines ADD COLUMN unpaid_days BIGINT NOT NULL DEFAULT 0;       -- hundredths of a day
ALTER TABLE pay_lines ADD COLUMN absent_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pay_lines ADD COLUMN sick_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pay_lines ADD COLUMN missed_fen BIGINT NOT NULL DEFAULT 0;
