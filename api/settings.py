"""How a server is set up, by its environment, `REGESTA_…`, or by a file of TOML; wrong settings are refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from api.pacing import LONG, SECONDS
from api.rates import Rate

PREFIX = "REGESTA_"
OTHERS = ("REGESTA_SETTINGS", "REGESTA_REQUIRE", "REGESTA_STANDARDS", "REGESTA_APPROVE")
"""Variables of the name that set up no server: where the file lies, and what tests look at."""


def _rate(text: str) -> str:
    Rate.of(text)
    return text


RateText = Annotated[str, AfterValidator(_rate)]
"""`600/minute`, `10/second` and the like; `none` for no bound."""


class SettingsWrong(ValueError):
    """A server cannot be set up so; a line says what of it is wrong."""


class Settings(BaseSettings):
    """What a server is told when it starts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", validate_default=True, env_ignore_empty=True)

    db: str | None = Field(None, description="The database, as `--db` names it; without it a file in the data folder.")
    read_db: str | None = Field(None, description="A hot standby of the PostgreSQL database, to answer from.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="The port; 0 for any that is free.")
    reading: Literal["open", "closed"] = Field(
        "open", description="`closed`: reading needs a key with scope read, good for the register."
    )
    read_rate: RateText = Field("12000/minute", description="How often one key, or one address without, may read.")
    write_rate: RateText = Field("6000/minute", description="How often one key may record or preview.")
    wrong_key_rate: RateText = Field("20/minute", description="How many wrong keys one address may try.")
    body_seconds: float = Field(
        30, gt=0, le=3600, description="Seconds for which a request is waited for to begin, and then for its body."
    )
    head_bytes: int = Field(
        32_768, ge=1024, le=1_048_576, description="Bytes that the line and the headers of a request have at most."
    )
    answer_seconds: float = Field(
        SECONDS, gt=0, le=3600, description="Seconds that an answer is worked at, or an entry before it is stored."
    )
    long_answers: int = Field(
        LONG, ge=1, le=6, description="Answers of more than half a second at a time; four times as many wait."
    )
    answers_mib: int = Field(
        64, ge=0, le=1_048_576, description="MiB of answers kept, so that they need not be made again; 0: none."
    )
    connections: int = Field(500, ge=1, description="Connections at a time; one more is answered 503.")
    stop_seconds: int = Field(
        30, ge=1, le=3600, description="Seconds that requests may take to end when it is stopped."
    )
    log: Literal["all", "errors"] = Field("all", description="`errors`: no line for a request that went well.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given first counts before the environment, and that before the file."""
        file = os.environ.get("REGESTA_SETTINGS")
        return init_settings, env_settings, *([TomlConfigSettingsSource(settings_cls, Path(file))] if file else [])


def settings(**given: Any) -> Settings:
    """The settings, those *given* on the command line before all others. Raises: SettingsWrong."""
    file = os.environ.get("REGESTA_SETTINGS")
    if file and not Path(file).is_file():
        raise SettingsWrong(f"REGESTA_SETTINGS: there is no file {file}")
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | set(OTHERS)
    strange = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if strange:
        raise SettingsWrong(f"{', '.join(strange)}: there is no such setting; docs/settings.md lists them")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        lines = [f"{each['loc'][0]}: {each['msg']}" for each in fault.errors(include_url=False, include_input=False)]
        raise SettingsWrong("; ".join(lines)) from None
    except ValueError as fault:  # a file that is no TOML
        raise SettingsWrong(f"{file}: {fault}") from None
