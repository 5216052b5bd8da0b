"""Lives: one span each from a start to an end of a unit, post, tenure or relation, with all claimed of it."""

from domain.lives.grades import GRADES, Bounds, Grade
from domain.lives.life import Life, shown_by, span_text, text_of
from domain.lives.told import SHOWN_AFTERWARDS, End, EndRule, Given, Held, Lived, Rival, Seen, Shown, one_life

__all__ = [
    "GRADES",
    "SHOWN_AFTERWARDS",
    "Bounds",
    "End",
    "EndRule",
    "Given",
    "Grade",
    "Held",
    "Life",
    "Lived",
    "Rival",
    "Seen",
    "Shown",
    "one_life",
    "shown_by",
    "span_text",
    "text_of",
]
