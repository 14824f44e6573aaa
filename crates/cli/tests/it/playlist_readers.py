"""Reads the playlists of filled players as Rockbox and as mpd do, and says which entries are not found.

playlist_readers.py rockbox PLAYER...   by the rules of Rockbox, written down here once more
playlist_readers.py mpd PLAYER...       by a real mpd on a socket of its own, with nothing of the user's; ended before this ends

Prints one line for every entry that is not found, and last how many were looked for.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

# Longest path of Rockbox, in bytes, with the zero at its end.
MAX_PATH = 260
MARK = b"\xef\xbb\xbf"


def lists(player):
    """Every playlist, by its path below the player."""
    for folder, names, files in os.walk(player):
        names[:] = sorted(name for name in names if name != ".ferrotape")
        for name in sorted(files):
            if name.lower().endswith((".m3u", ".m3u8")):
                yield os.path.relpath(os.path.join(folder, name), player)


def entries(text):
    lines = (line.strip() for line in text.replace("\r", "\n").split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


class Rockbox:
    """`.m3u8` is UTF-8, `.m3u` is Latin-1 unless it begins with the mark of UTF-8; `\\` counts as `/`; names in any case."""

    def __init__(self):
        self.folders = {}

    def read(self, player, path):
        with open(os.path.join(player, path), "rb") as file:
            raw = file.read()
        is_utf8 = raw.startswith(MARK) or path.lower().endswith("8")
        text = raw.removeprefix(MARK).decode("utf-8" if is_utf8 else "latin-1", errors="replace")
        for line in entries(text):
            line = line.replace("\\", "/")
            start = player if line.startswith("/") else os.path.join(player, os.path.dirname(path))
            yield line, self.find(player, start, line.split("/"))

    def find(self, player, at, names):
        for name in names:
            if name == "..":
                if at == player:
                    return None
                at = os.path.dirname(at)
            elif name not in ("", "."):
                at = self.inside(at).get(name.casefold())
                if at is None:
                    return None
        return at if os.path.isfile(at) and at.lower().endswith(".mp3") else None

    def inside(self, folder):
        if folder not in self.folders:
            known = os.listdir(folder) if os.path.isdir(folder) else []
            self.folders[folder] = {name.casefold(): os.path.join(folder, name) for name in known}
        return self.folders[folder]


def by_rockbox(players):
    broken, looked = [], 0
    for player in players:
        player, reader = os.path.abspath(player), Rockbox()
        for path in lists(player):
            for line, found in reader.read(player, path):
                looked += 1
                if found is None:
                    broken.append(f"{os.path.basename(player)}: {path}: {line!a}")
                elif os.path.basename(player).startswith("rockbox") and len(found[len(player) :].encode()) >= MAX_PATH:
                    broken.append(f"{os.path.basename(player)}: {path}: too long for it: {line!a}")
    return broken, looked


def turned(path, player):
    """Writes a playlist anew as a program on a computer reads it – slashes, UTF-8 without a mark, from its own folder –,
    and returns its entries, from the player's root. The lists of players that want backslashes, Latin-1 or a mark are made for
    these alone; that each names its files, in its order, can be heard of mpd all the same."""
    full = os.path.join(player, path)
    with open(full, "rb") as file:
        raw = file.read().removeprefix(MARK)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = text.replace("\\", "/")
    up = "../" * path.count("/")
    lines = [up + line[1:] if line.startswith("/") else line for line in text.splitlines()]
    folder = os.path.dirname(path)
    with open(full, "w", encoding="utf-8", newline="") as file:
        file.write("\r\n".join([*lines, ""]))
    return [os.path.normpath(os.path.join(folder, line)) for line in entries("\n".join(lines))]


def is_as_it_is(path, player):
    """Whether a list needs no turning, so that mpd reads the very bytes."""
    with open(os.path.join(player, path), "rb") as file:
        raw = file.read()
    first = entries(raw.decode("utf-8", errors="replace"))[0]
    return path.endswith(".m3u8") and not raw.startswith(MARK) and "\\" not in first and not first.startswith("/")


class Mpd:
    """A daemon in a folder of its own."""

    def __init__(self, music, state):
        place, sets = os.path.join(state, "socket"), os.path.join(state, "conf")
        with open(sets, "w", encoding="utf-8") as file:
            file.write(
                f'music_directory "{music}"\nplaylist_directory "{state}"\ndb_file "{state}/db"\nlog_file "{state}/log"\n'
                f'bind_to_address "{place}"\nfilesystem_charset "UTF-8"\nauto_update "no"\nzeroconf_enabled "no"\n'
                'audio_output {\ntype "null"\nname "none"\n}\n'
            )
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        said = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": state}
        self.process = subprocess.Popen(["mpd", "--no-daemon", sets], env=said, **quiet)
        self.socket, until = socket.socket(socket.AF_UNIX), time.monotonic() + 30
        while True:
            try:
                self.socket.connect(place)
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.end()
                    sys.exit("mpd did not start")
                time.sleep(0.02)
        self.socket.settimeout(60)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.lines.readline()

    def ask(self, command, *words):
        quoted = ['"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words]
        self.socket.sendall((" ".join([command, *quoted]) + "\n").encode())
        said = []
        for line in self.lines:
            if line == "OK\n":
                return said
            if line.startswith("ACK"):
                return [line.strip()]
            said.append(line.rstrip("\n"))
        sys.exit("mpd ended")

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def by_mpd(players):
    if shutil.which("mpd") is None:
        sys.exit("mpd is not installed: the package `mpd`, which scripts/test installs")
    with tempfile.TemporaryDirectory(prefix="ferrotape-mpd") as folder:
        music, state = os.path.join(folder, "music"), os.path.join(folder, "state")
        os.mkdir(state)
        known = []
        for player in players:
            name = os.path.basename(player)
            copy = os.path.join(music, name)
            shutil.copytree(player, copy, ignore=shutil.ignore_patterns(".ferrotape"))
            for path in lists(copy):
                if is_as_it_is(path, copy):
                    with open(os.path.join(copy, path), encoding="utf-8") as file:
                        lines = entries(file.read())
                    wanted = [os.path.normpath(os.path.join(os.path.dirname(path), line)) for line in lines]
                else:
                    wanted = turned(path, copy)
                known.append((f"{name}/{path}", [f"{name}/{one}" for one in wanted]))
        mpd = Mpd(music, state)
        try:
            return heard(mpd, known)
        finally:
            mpd.end()


def heard(mpd, known):
    mpd.ask("update")
    until = time.monotonic() + 60
    while any(line.startswith("updating_db") for line in mpd.ask("status")) and time.monotonic() < until:
        time.sleep(0.05)
    broken, looked = [], 0
    for path, wanted in known:
        mpd.ask("clear")
        refused = mpd.ask("load", path)
        found = [line.removeprefix("file: ") for line in mpd.ask("playlistinfo") if line.startswith("file: ")]
        looked += len(wanted)
        broken += [f"{path}: {refused}"] if refused else []
        broken += [f"{path}: {line!a}" for line in wanted if line not in found]
        if found != wanted and all(line in found for line in wanted):
            broken.append(f"{path}: another order, or more: {found!a}")
    return broken, looked


def main():
    broken, looked = {"rockbox": by_rockbox, "mpd": by_mpd}[sys.argv[1]](sys.argv[2:])
    print("\n".join([*broken, f"looked for {looked} entries"]))


main()
