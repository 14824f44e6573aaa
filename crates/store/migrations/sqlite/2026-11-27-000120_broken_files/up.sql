-- What a broken file is stays known from now on. Of those that were set aside before it is not: they are looked at again.
UPDATE files SET modified_ns = 0 WHERE state = 'broken';
