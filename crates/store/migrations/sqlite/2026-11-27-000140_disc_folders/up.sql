-- A folder that is called as a disc (`CD 2`) tells the number where tags do not: such files are looked at again.
UPDATE files SET modified_ns = 0
WHERE state = 'audio' AND tags NOT LIKE '%"disc_number"%' AND (
    CAST(path AS TEXT) LIKE '%/cd%/%' OR CAST(path AS TEXT) LIKE '%/dis%/%' OR CAST(path AS TEXT) LIKE '%/side%/%');
