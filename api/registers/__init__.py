"""Registers as files: what they hold, and what became of each entry when recorded."""

from api.registers.files import (
    Filed,
    NotARegister,
    Register,
    read_register,
    register_folders,
    register_of_entry,
    register_of_lines,
)
from api.registers.verdicts import Rehearsal, Verdict, read_once, record_all, record_in_pages

__all__ = [
    "Filed",
    "NotARegister",
    "Register",
    "Rehearsal",
    "Verdict",
    "read_once",
    "read_register",
    "record_all",
    "record_in_pages",
    "register_folders",
    "register_of_entry",
    "register_of_lines",
]
