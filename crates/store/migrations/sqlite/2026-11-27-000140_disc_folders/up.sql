-- A folder that is called as a disc (`CD 2`) tells the number where tags do not: such files are looked at again.
UPDATE files SET modified_ns = 0 WHERE id IN (
    WITH silent AS (
        SELECT id, CAST(path AS TEXT) AS path FROM files WHERE state = 'audio' AND tags NOT LIKE '%"disc_number"%'),
    folders AS (SELECT id, rtrim(rtrim(path, replace(path, '/', '')), '/') AS folder FROM silent),
    names AS (
        SELECT id, lower(substr(folder, length(rtrim(folder, replace(folder, '/', ''))) + 1)) AS name FROM folders)
    SELECT id FROM names WHERE name GLOB 'cd*[0-9]*' OR name GLOB 'dis*[0-9]*' OR name GLOB 'side*[0-9]*');
