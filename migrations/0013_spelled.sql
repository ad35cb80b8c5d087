-- How those who bear a name are spelled, for names that many bear: or all of them are read whenever one more comes.

ALTER TABLE name ADD COLUMN spelled TEXT;   -- JSON; NULL where few bear it, or nobody noted it yet
