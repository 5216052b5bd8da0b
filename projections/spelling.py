"""Names as they sound, so that one is found however it is spelled: in Latin, Russian or Kazakh letters.

Two spellings that mean the same name fold to the same letters, as far as a table can tell: Қарин, Карин, Karin and
Qarin to `karin`. It tells more apart than it should (Болат and Bulat) and fewer than it could (Хан and Кан): what
folds alike is a suggestion, never one person. The folded form is kept in the read tables, so whoever changes what
is said here raises their VERSION.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_AS_USUAL = "a a b v g g d e yo zh z i y k k l m n n o o p r s t u u u f kh h ts ch sh shch . i i . e yu ya"
CYRILLIC = dict(zip(ALPHABET, _AS_USUAL.replace(".", "").split(" "), strict=True))
"""The 42 letters of the Kazakh alphabet, among them the 33 of the Russian, as English usage writes them."""

LATIN = {"ş": "sh", "š": "sh", "č": "ch", "ž": "zh", "ı": "i", "ł": "l", "ø": "o", "æ": "ae"}
"""Letters with marks that are more than marks, as in the Latin alphabets of Kazakh."""

APOSTROPHES = "'’‘ʼʹʻ`´"
"""Signs that stand for soft and hard signs, or for marks that a keyboard lacks."""

SHORT = 3
"""Letters of a word from which on it is looked for inside words; a shorter one at their beginning only."""

_LETTERS = str.maketrans(CYRILLIC | LATIN | dict.fromkeys(APOSTROPHES, ""))
_SOFTENED = re.compile("[ьъ](?=[аәеёиоөуұүыіэюя])")
_CHUNK = re.compile(r"[^\W_]+(?:[-‐‑–][^\W_]+)*")
_HYPHEN = re.compile("[-‐‑–]")
_DOUBLE = re.compile(r"([^\W\d_])\1+")
_V, _C = "[aeiou]", "[b-df-hj-np-tvz]"
_RULES = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        ("dzh|dj|zh", "j"),  # Джаксыбеков, Жақсыбеков, Jaksybekov
        ("shch|sch", "sh"),
        ("gh", "g"),
        ("yo", "e"),  # Ёлкин is printed Елкин
        ("x", "ks"),
        ("w", "u"),
        ("q", "k"),
        ("(?<![sc])h", "k"),  # Бақытжан, Бахытжан, Bakhytzhan
        (f"(?<={_C})y(?={_V})", "i"),  # Наталья, Natalya, Natalia
        (f"y(?={_V})", ""),  # Ерлан, Yerlan; Тоқаев, Tokayev
        ("y", "i"),
        (f"(?<={_V})i(?={_V})", ""),
    )
)
_VOWELS = re.compile(f"{_V}+")
_GLIDE = re.compile("(?<=[aeou])i$")


@lru_cache(maxsize=20_000)
def folded_word(word: str) -> str:
    """The letters to which a word of Latin letters, in lower case and without marks, folds."""
    word = _DOUBLE.sub(r"\1", word)
    for pattern, spelled in _RULES:
        word = pattern.sub(spelled, word)
    return _DOUBLE.sub(r"\1", word)


def _chunks(text: str) -> Iterator[list[str]]:
    """The words of *text*, those joined by hyphens together."""
    small = _SOFTENED.sub("y", unicodedata.normalize("NFC", text).casefold()).translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    for chunk in _CHUNK.findall(plain.translate(_LETTERS)):
        yield _HYPHEN.split(chunk)


def words(text: str) -> tuple[str, ...]:
    """The words of *text*, each folded; those joined by hyphens one by one."""
    return tuple(filter(None, (folded_word(part) for chunk in _chunks(text) for part in chunk)))


def folded(text: str) -> str:
    """*text* as it is kept for looking it up: its words, two spaces before each and one after all.

    Words joined by hyphens stand at the end once more as one: Қасым-Жомарт is Касымжомарт too. So ` karin ` is found
    in it where Karin is a word, ` kar` where a word begins so, and of a word of one letter three signs as well. Behind
    them stands what words have in common with those that sound near, in capitals: ` KRN `.
    """
    single = words(text)
    joined = [folded_word("".join(parts)) for parts in _chunks(text) if len(parts) > 1]
    nears = filter(None, map(skeleton, single))
    return "".join(f"  {word}" for word in (*single, *filter(None, joined), *nears)) + " "


def skeleton(word: str) -> str:
    """The consonants of a folded *word*, which stay when its vowels are heard otherwise: Мырзалин and Murzalin.

    Nothing, of a word that has too few of them to tell it by.
    """
    consonants = _DOUBLE.sub(r"\1", _VOWELS.sub("", word.replace("ch", "sh")))  # Ақшолақов and Акчулаков
    return consonants.upper() if len(consonants) >= SHORT else ""


def beginning(word: str) -> str:
    """What all words have in common that may go on from a folded *word*: Tokay, as far as it is typed, is Tokayev."""
    shorter = _GLIDE.sub("", word)
    return shorter if len(shorter) >= SHORT else word
