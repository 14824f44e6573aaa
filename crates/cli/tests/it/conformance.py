"""Judges filled players by what their profiles say, with readers that are not ours.

conformance.py EXPECTED.json PLAYER PROFILE-FILES...   the last profile is the player's; those before it are extended by it

Prints one line for every rule that a player breaks, and last how many files and playlist entries were looked at.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unicodedata

from mutagen import id3, mp3

NEWLINES = {"lf": "\n", "cr-lf": "\r\n"}
# What each set of characters ends at; names of ISO 9660 are judged by a pattern.
LAST = {"all": 0x10FFFF, "bmp": 0xFFFF, "latin1": 0xFF, "ascii": 0x7F, "iso9660": 0x7F}
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def merged(base, over):
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict) and key != "replacements"
        out[key] = merged(base[key], value) if both else value
    return out


class Judge:
    def __init__(self, expected, root, rules):
        self.expected, self.root, self.rules = expected, root, rules
        self.files, self.folders, self.broken, self.entries = [], [], [], 0
        for folder, names, files in os.walk(root):
            at = os.path.relpath(folder, root)
            if at == ".":
                names[:] = [name for name in names if name != ".ferrotape"]
            else:
                self.folders.append(at)
            self.files += [os.path.normpath(os.path.join(at, name)) for name in files]
        self.music = sorted(path for path in self.files if path.lower().endswith(".mp3"))

    def check(self, holds, *words):
        if not holds:
            self.broken.append(" ".join(str(word) for word in words))

    def all(self):
        self.names()
        self.counts()
        for path in self.music:
            self.tags(path)
        self.sound()
        self.playlists()
        self.on_fat()

    def names(self):
        rules, seen = self.rules["names"], {}
        for path in self.files + self.folders:
            name = path.rsplit("/", 1)[-1]
            units = lambda text: len(text.encode("utf-16-le")) // 2
            self.check(units(name) <= rules["max_name_units"], "name too long:", path)
            self.check(len(name.encode()) <= rules["max_name_bytes"], "name of too many bytes:", path)
            self.check(units(path) <= rules["max_path_units"], "path too long:", path)
            self.check(path not in self.folders or units(name) <= rules["max_folder_units"], "folder too long:", path)
            self.check(all(ord(c) <= LAST[rules["characters"]] for c in name), "characters:", ascii(path))
            iso = rules["characters"] == "iso9660" and path in self.music
            self.check(not iso or re.fullmatch(r"[A-Z0-9_ ()]+\.MP3", name), "not as in ISO 9660:", path)
            bad = [c for c in name if c in '"*:<>?\\|' or unicodedata.category(c) == "Cc" or "\u202a" <= c <= "\u202e"]
            self.check(not bad, "refused by FAT:", ascii(path))
            self.check(name[0] not in ". " and name[-1] not in ". ", "dots or spaces:", ascii(path))
            self.check(not DEVICE.fullmatch(name.split(".")[0].rstrip()), "a device:", path)
            self.check(unicodedata.is_normalized("NFC", name), "not NFC:", ascii(path))
            self.check(path.count("/") < 8, "too deep:", path)
            key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
            self.check(key not in seen, "one name on FAT:", ascii(path), ascii(seen.get(key)))
            seen[key] = path

    def counts(self):
        rules = self.rules["folders"]
        for folder in self.folders:
            files = [path for path in self.files if os.path.dirname(path) == folder]
            self.check(not rules["max_files"] or len(files) <= rules["max_files"], "files in", folder, len(files))
        self.check(not rules["max_tracks"] or len(self.music) <= rules["max_tracks"], "tracks:", len(self.music))
        self.check(not rules["max_folders"] or len(self.folders) <= rules["max_folders"], "folders:", len(self.folders))
        inside = rules["music"] + "/" if rules["music"] else ""
        deep = {"artist-album": 2, "one-level": 1, "none": 0}[rules["layout"]]
        for path in self.music:
            self.check(path.startswith(inside), "not in", inside, path)
            self.check(path[len(inside):].count("/") <= deep, "layout:", path)

    def tags(self, path):
        rules, full = self.rules["tags"], os.path.join(self.root, path)
        with open(full, "rb") as file:
            raw = file.read()
        self.check(raw[:4] == b"ID3" + (b"\3" if rules["version"] == "2.3" else b"\4"), "ID3 version:", path)
        self.check(raw[5] == 0, "ID3 flags:", path)
        self.check((raw[-128:-125] == b"TAG") == rules["id3v1"], "ID3v1:", path)
        tags = id3.ID3(full, translate=False, load_v1=False)
        self.check(not tags.unknown_frames, "unknown frames:", path)
        wanted = self.expected.get(str(tags.get("TSRC")))
        self.check(wanted, "nobody wants:", path)
        for key, frame in tags.items():
            self.text(path, key, frame)
        if wanted:
            self.numbers(path, tags, wanted)
            self.cover(path, tags, wanted)
        loud = any("REPLAYGAIN_TRACK_GAIN" in key.upper() for key in tags)
        self.check(loud == (self.rules["audio"]["loudness"] == "tags"), "ReplayGain:", loud, path)

    def text(self, path, key, frame):
        rules = self.rules["tags"]
        if not isinstance(getattr(frame, "text", None), list) or key.startswith("TDRC"):
            return
        values = [str(value) for value in frame.text]
        self.check(len(values) == 1 or rules["several_values"], "several values:", key, values, path)
        latin = all(ord(c) < 256 for c in "".join(values) + getattr(frame, "desc", ""))
        plain = "".join(values).isascii() and frame.encoding == 0 and rules["text"] != "utf8"
        wanted = {"utf16": 1, "utf8": 3, "latin1": 0 if latin else 1}[rules["text"]]
        numeric = plain and all(re.fullmatch(r"[0-9/]*", value) for value in values)
        self.check(frame.encoding == wanted or numeric, "letters:", key, int(frame.encoding), path)

    def numbers(self, path, tags, wanted):
        rules = self.rules["tags"]
        said = lambda key: str(tags[key]) if key in tags else None
        several = lambda number, total: f"{number}/{total}" if rules["totals"] and total else str(number)
        self.check(said("TRCK") == several(wanted["track"], wanted["tracks"]), "track number:", said("TRCK"), path)
        album = wanted["album"]
        if wanted["disc"]:
            self.check(said("TPOS") == several(wanted["disc"], wanted["discs"]), "disc:", said("TPOS"), path)
            album += f" (disc {wanted['disc']})" if rules["disc_in_album"] else ""
        self.check(said("TALB") == album, "album:", ascii(said("TALB")), path)
        self.check(said("TIT2") == wanted["title"], "title:", ascii(said("TIT2")), path)
        self.check(said("TPE2") == wanted["album_artist"], "album artist:", said("TPE2"), path)
        self.check(said("TCON") == wanted["genre"], "genre:", said("TCON"), path)
        year, month, day = [*wanted["date"].split("-"), None, None][:3]
        if rules["version"] == "2.4":
            self.check(said("TDRC") == wanted["date"] and "TYER" not in tags, "date:", said("TDRC"), path)
        else:
            self.check(said("TYER") == year and "TDRC" not in tags, "year:", said("TYER"), path)
            self.check(said("TDAT") == (day and f"{day}{month}"), "day and month:", said("TDAT"), path)
        if rules["id3v1"]:
            self.old_tag(path, wanted, album)
        artists = tags["TPE1"].text if rules["several_values"] else [said("TPE1")]
        names = wanted["artists"] if rules["several_values"] else [", ".join(wanted["artists"])]
        self.check(artists == names, "artists:", artists, path)

    def old_tag(self, path, wanted, album):
        """The fields of ID3v1.1 at their places: Latin-1, cut, the rest zero."""
        with open(os.path.join(self.root, path), "rb") as file:
            raw = file.read()[-128:]
        plain = lambda text: "".join(c for c in text if not "\u0300" <= c <= "\u036f").strip()
        field = lambda text: plain(text).encode("latin-1", errors="replace")[:30].ljust(30, b"\0")
        for name, at, text in [("title", 3, wanted["title"]), ("artist", 33, ", ".join(wanted["artists"])), ("album", 63, album)]:
            self.check(raw[at : at + 30] == field(text), f"ID3v1 {name}:", raw[at : at + 30], path)
        self.check(raw[93:97] == wanted["date"][:4].encode(), "ID3v1 year:", raw[93:97], path)
        self.check(raw[125] == 0 and raw[126] == wanted["track"], "ID3v1 track:", raw[125:127], path)
        genre = dict(enumerate(id3.TCON.GENRES)).get(raw[127])
        self.check(genre == wanted["genre"], "ID3v1 genre:", raw[127], path)

    def cover(self, path, tags, wanted):
        rules, pictures = self.rules["cover"], tags.getall("APIC")
        self.check(len(pictures) == (1 if rules["embed"] and wanted["cover"] else 0), "covers:", len(pictures), path)
        for picture in pictures:
            seen = look(picture.data)
            self.check(len(picture.data) <= rules["max_bytes"], "bytes of a cover:", len(picture.data), path)
            self.check(max(seen["width"], seen["height"]) <= rules["max_side"], "size of a cover:", seen, path)
            self.check(picture.type == 3 and picture.encoding == 0, "kind of picture:", path)
            png = seen["codec_name"] == "png"
            self.check(picture.mime == ("image/png" if png else "image/jpeg"), "mime:", picture.mime, path)
            self.check(not png or rules["png"], "a PNG:", path)
            baseline = seen["baseline"] and seen["pix_fmt"] == "yuvj420p"
            self.check(png or baseline or rules["any_jpeg"], "not baseline 4:2:0:", seen, path)

    def sound(self):
        rules, paths = self.rules["audio"], [os.path.join(self.root, path) for path in self.music]
        for path in paths:
            info = mp3.MP3(path).info
            self.check(info.sample_rate in rules["sample_rates"], "sample rate:", info.sample_rate, path)
            self.check(info.bitrate <= rules["max_kbps"] * 1000 + 1000, "bit rate:", info.bitrate, path)
            constant = info.bitrate_mode == mp3.BitrateMode.CBR
            self.check(not constant or info.bitrate >= rules["min_kbps"] * 1000, "low bit rate:", info.bitrate, path)
            self.check(rules["vbr"] or info.bitrate_mode == mp3.BitrateMode.CBR, "variable:", path)
        heard = run(["mpg123", "-q", "-t", "--no-control", *paths])
        self.check(heard.returncode == 0 and not heard.stderr.strip(), "mpg123:", heard.stderr[-300:])
        for line in run(["mp3val", *paths]).stdout.decode(errors="replace").splitlines():
            self.check(not line.startswith(("WARNING", "ERROR")), "mp3val:", line)

    def pictures(self):
        rules = self.rules["cover"]
        found = [path for path in self.files if rules["file"] and os.path.basename(path) == rules["file"]]
        self.check(bool(found) == bool(rules["file"]), "pictures of folders:", found)
        for path in found:
            with open(os.path.join(self.root, path), "rb") as file:
                data = file.read()
            seen = look(data)
            baseline = seen["baseline"] and seen["pix_fmt"] == "yuvj420p"
            self.check(seen["codec_name"] == "mjpeg" and (baseline or rules["any_jpeg"]), "picture:", seen, path)
            self.check(len(data) <= rules["max_bytes"], "bytes of a picture:", len(data), path)
            self.check(max(seen["width"], seen["height"]) <= rules["max_side"], "size of a picture:", seen, path)
        return found

    def lyrics(self):
        rules = self.rules["lyrics"]
        found = [path for path in self.files if path.lower().endswith(".lrc")]
        self.check(bool(found) == rules["lrc"], "lyrics:", found)
        for path in found:
            track = os.path.splitext(path)[0].lower() + ".mp3"
            self.check(track in [path.lower() for path in self.music], "lyrics of nothing:", path)
            with open(os.path.join(self.root, path), "rb") as file:
                raw = file.read()
            marked = raw.startswith(b"\xef\xbb\xbf")
            self.check(marked == (rules["encoding"] == "utf8-mark"), "byte order mark:", path)
            text = raw.decode("latin-1" if rules["encoding"] == "latin1" else "utf-8-sig")
            lines = text.split("\r\n")[:-1]
            self.check(lines and all(re.match(r"\[\d\d:\d\d\.\d\d\]", line) for line in lines), "lines:", lines, path)
        return found

    def playlists(self):
        rules, folder = self.rules["playlists"], self.rules["folders"]["playlists"]
        ending = "." + rules["extension"]
        lists = [path for path in self.files if path.lower().endswith(ending)]
        self.check(bool(lists) == rules["write"], "playlists:", lists)
        most = rules["max_playlists"]
        self.check(not most or len(lists) <= most, "number of playlists:", len(lists))
        known = lists + self.music + self.pictures() + self.lyrics()
        self.check(sorted(known) == sorted(self.files), "of no kind:", set(self.files) - set(known))
        for path in lists:
            self.check(os.path.dirname(path) == folder, "place of a playlist:", path)
            with open(os.path.join(self.root, path), "rb") as file:
                self.playlist(path, file.read(), rules)

    def playlist(self, path, raw, rules):
        marked = raw.startswith(b"\xef\xbb\xbf")
        needed = rules["encoding"] == "utf8-mark" and not raw.removeprefix(b"\xef\xbb\xbf").isascii()
        self.check(marked == needed, "byte order mark:", path)
        self.check(not rules["max_bytes"] or len(raw) <= rules["max_bytes"], "bytes of", path, len(raw))
        text = raw.decode("latin-1" if rules["encoding"] == "latin1" else "utf-8-sig")
        lines = text.split(NEWLINES[rules["newline"]])
        self.check(lines.pop() == "" and not re.search("[\r\n]", "".join(lines)), "line ends:", path)
        paths = [line for line in lines if not line.startswith("#")]
        notes = [line for line in lines if line.startswith("#EXTINF:")]
        known = ["#EXTM3U"] * (len(lines) - len(paths) - len(notes))
        self.check([l for l in lines if l.startswith("#") and l not in notes] == known, "a path read as a note:", path)
        self.check(len(notes) == (len(paths) if rules["titles"] else 0), "titles:", len(notes), path)
        self.check(not rules["max_entries"] or len(paths) <= rules["max_entries"], "entries:", len(paths), path)
        backwards = rules["paths"].endswith("backslash")
        for line in paths:
            self.entries += 1
            self.check(("/" in line, "\\" in line)[not backwards] is False, "slashes:", line)
            from_root = line.startswith(("/", "\\"))
            self.check(from_root == rules["paths"].startswith("from-root"), "path from:", line)
            folder = "" if from_root else os.path.dirname(path)
            found = os.path.normpath(os.path.join(folder, line.replace("\\", "/").lstrip("/")))
            self.check(found in self.music, "not on the player:", line, "of", path)


    def on_fat(self):
        """All of it put onto a FAT32 of its own, which must be sound, and read back by mtools, name by name and byte by
        byte. mtools writes letters beyond U+FFFF as others, so what has one in its path is not compared, and it keeps no small
        letters but those of ASCII in names of eight, so capitals are not compared either."""
        with tempfile.TemporaryDirectory() as folder:
            image, back = os.path.join(folder, "fat.img"), os.path.join(folder, "back")
            os.mkdir(back)
            with open(image, "wb") as file:
                file.truncate(64 << 20)
            said = run([system("mkfs.vfat"), "-F", "32", image])
            self.check(said.returncode == 0, "mkfs.vfat:", said.stderr)
            letters = {"env": {**os.environ, "LC_ALL": "C.UTF-8"}}
            tops = [os.path.join(self.root, name) for name in os.listdir(self.root) if name != ".ferrotape"]
            said = run(["mcopy", "-i", image, "-s", "-D", "s", *tops, "::/"], **letters)
            self.check(said.returncode == 0, "mcopy to FAT32:", said.stderr[-300:])
            said = run([system("fsck.vfat"), "-n", image], **letters)
            self.check(said.returncode == 0, "fsck.vfat:", said.stdout[-300:])
            said = run(["mcopy", "-i", image, "-s", "-n", "::/*", back], **letters)
            self.check(said.returncode == 0, "mcopy from FAT32:", said.stderr[-300:])
            known = lambda path: all(ord(c) <= 0xFFFF for c in path)
            found = [os.path.join(at, name) for at, _, names in os.walk(back) for name in names]
            found = {os.path.relpath(path, back).casefold(): path for path in found}
            for path in filter(known, self.files):
                there = found.get(path.casefold())
                same = there and content(there) == content(os.path.join(self.root, path))
                self.check(same, "not the same from FAT32:", ascii(path))
            self.check(len(found) == len(self.files), "files on FAT32:", len(found), "of", len(self.files))


def content(path):
    with open(path, "rb") as file:
        return file.read()


def system(program):
    """Where a program of the administrator's is."""
    return shutil.which(program) or f"/usr/sbin/{program}"


def run(command, **more):
    return subprocess.run(command, capture_output=True, check=False, timeout=120, **more)


LOOKED = {}


def look(data):
    """What ffprobe sees in a picture, and whether its frame header is that of a baseline JPEG."""
    key = hashlib.sha1(data).digest()
    if key not in LOOKED:
        wanted = "stream=codec_name,pix_fmt,width,height"
        said = run(["ffprobe", "-v", "error", "-show_entries", wanted, "-of", "json", "-"], input=data)
        at = 2
        while data[:2] == b"\xff\xd8" and data[at + 1] not in range(0xC0, 0xC4):
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        LOOKED[key] = {**json.loads(said.stdout)["streams"][0], "baseline": data[at + 1] == 0xC0}
    return LOOKED[key]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = json.load(file)
    rules = {}
    for path in sys.argv[3:]:
        with open(path, "rb") as file:
            rules = merged(rules, tomllib.load(file))
    judge = Judge(expected, sys.argv[2], rules)
    judge.all()
    print("\n".join([*judge.broken, f"looked at {len(judge.music)} files and {judge.entries} entries"]))


main()
