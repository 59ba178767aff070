"""How an answer is judged: by the four patterns of a held-out line, nothing else. See README.md."""
import json
import re


def read(path):
    """Held-out file -> list of dicts; the first line's `marks` and `expect` hold where a line has none of its own."""
    with open(path, encoding="utf-8") as file:
        head, *lines = [json.loads(line) for line in file if line.strip()]
    return [{**{k: head[k] for k in ("marks", "expect") if k in head}, **line} for line in lines]


def judge(line, text, ended):
    """line: {"marks": {a, b}, "expect": {a, b}}; text: the answer; ended: it ended by itself.
    Gives (side "a" | "b" | "neither", well-formed)."""
    text = text.strip()
    a, b = (re.search(line["marks"][s], text) is not None for s in "ab")
    side = "a" if a and not b else "b" if b and not a else "neither"
    formed = ended and any(re.fullmatch(line["expect"][s], text) for s in "ab")
    return side, formed
