#!/usr/bin/env python3
"""An example of a program for ferrotape: offers the files of a folder that are named `Artist - Title.ending`.

    folder.py FOLDER

Reads one question from standard input and answers it; docs/sources/program.md has the protocol.
"""

import json
import os
import shutil
import sys

ENDINGS = {".flac", ".mp3", ".ogg", ".opus", ".m4a", ".wav"}


def say(line):
    print(json.dumps(line), flush=True)


def folded(text):
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def files(folder):
    """Every file below the folder that has a name as we know it: its path there, artist, title."""
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            stem, ending = os.path.splitext(name)
            artist, dash, title = stem.partition(" - ")
            if dash and ending.lower() in ENDINGS:
                yield os.path.relpath(os.path.join(place, name), folder), artist, title


def search(folder, wanted):
    title = folded(wanted.get("title") or "")
    artists = [folded(artist) for artist in wanted.get("artists") or []]
    for path, artist, own_title in files(folder):
        if title and folded(own_title) == title and (not artists or folded(artist) in artists):
            offer = {
                "id": path,
                "file_name": os.path.basename(path),
                "title": own_title,
                "artists": [artist],
                "size": os.path.getsize(os.path.join(folder, path)),
                # You say so by pointing this program at the folder.
                "rights": "own",
            }
            say({"offer": offer})


def fetch(folder, name, to):
    if not any(path == name for path, _, _ in files(folder)):
        raise LookupError("the file is not there any more")
    shutil.copyfile(os.path.join(folder, name), to)


def main():
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit("usage: folder.py FOLDER")
    folder = sys.argv[1]
    question = json.loads(sys.stdin.readline())
    try:
        if question.get("do") == "search":
            search(folder, question["wanted"])
        elif question.get("do") == "fetch":
            fetch(folder, question["id"], question["to"])
        else:
            raise LookupError("this program can search and fetch, and nothing else")
    except (LookupError, OSError) as error:
        say({"error": str(error)})
    else:
        say({"done": True})


main()
