"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaners import Favor

FavorOption = Annotated[
    Favor, typer.Option(help="Which mistake to avoid: boilerplate in the text, or text that is lost.")
]
PhrasesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--phrases", help="File or folder with phrases of your own (docs/lexicon.md); may be repeated."
    ),
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Folder that the outputs are written to.")]
