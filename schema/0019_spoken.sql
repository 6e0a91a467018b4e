-- Mails and messages to groups speak the language of who receives them.
ALTER TABLE notice_choices ADD COLUMN lang TEXT NOT NULL DEFAULT 'zh';
ALTER TABLE robots ADD COLUMN lang TEXT NOT NULL DEFAULT 'zh';
