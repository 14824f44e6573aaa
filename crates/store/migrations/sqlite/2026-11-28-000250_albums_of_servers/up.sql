-- Which album a track is of on its server, and whether shops mark it explicit or clean, was not read. The next run asks for
-- each list again; until a server answers, what it listed before stands without.
UPDATE listings SET mark = '', at = 0;
