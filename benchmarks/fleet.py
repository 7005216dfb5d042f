"""Workers on several hosts of one machine, of which one is killed and another is cut off for a time.

    python -m benchmarks.fleet [--sites 60] [--hosts 3] [--lost-after 30] [--calm] [--keep FOLDER]

Hosts are network namespaces with a worker each, the database is one PostgreSQL, the web a server that writes
down when each request came and was answered (`tests/fleet`, needs root). The fleet must get every article
once and ask no site twice at the same time; what it asked for twice is listed. Exit status 1 where it failed.
With `--calm` nothing is lost, and nothing may be asked for twice. `--keep` is a new folder for the log of the
requests (`requests.jsonl`), and for what the workers said and wrote. docs/fleet_run.md says what was seen.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from benchmarks.output import JsonFile, console, table, write_json, wrong_call

LIMIT: Final = 900.0
"""Seconds that a part of the run may take: sixty sites take three minutes on two cores."""

Sites = Annotated[int, typer.Option(min=6, max=99, help="How many sites.")]
Hosts = Annotated[int, typer.Option(min=3, max=9, help="How many hosts; the last two are lost.")]
Each = Annotated[int, typer.Option(min=1, help="Sites that a host crawls at the same time.")]
LostAfter = Annotated[int, typer.Option(min=5, help="Seconds after which a silent worker counts as lost.")]
Calm = Annotated[bool, typer.Option("--calm", help="Lose no host.")]
Keep = Annotated[Path | None, typer.Option(help="A new folder for the log and the outputs.")]


def main(
    sites: Sites = 60,
    hosts: Hosts = 3,
    each: Each = 2,
    lost_after: LostAfter = 30,
    calm: Calm = False,
    keep: Keep = None,
    json: JsonFile = None,
) -> None:
    """Run a fleet, and print what the log of the web says."""
    from tests.fleet import scenario
    from tests.fleet.fleet import fleet
    from tests.fleet.machines import NotPermittedError

    happening = scenario.calm if calm else scenario.rough
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            folder.mkdir(parents=True, exist_ok=keep is None)
            made = fleet(sites, folder.absolute(), hosts=hosts, concurrent_sites=each, lost_after=lost_after)
            running = stack.enter_context(made)
        except (NotPermittedError, FileExistsError) as error:
            raise wrong_call(error) from error
        outcome = happening(running, LIMIT)
        record = scenario.summary(running, outcome)
        failed = bool(outcome.complaints or (calm and outcome.repeated))
    show(record)
    write_json(json, record)
    raise typer.Exit(failed)


def show(record: dict[str, Any]) -> None:
    """Print the figures, what was asked for again, and what is wrong."""
    out = console()
    figures = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else str(value))
        for name, value in record.items()
        if not isinstance(value, dict | list)
    ]
    for name in ("requests_by_host", "runs"):
        figures += [
            (f"{name.replace('_', ' ')}: {key or 'without an end'}", f"{value:,}")
            for key, value in sorted(record[name].items())
        ]
    out.print(table("Fleet", ("Figure", "Value"), figures))
    lost = [(entry["host"], f"{entry['at']:.2f}", ", ".join(entry["sites"])) for entry in record["lost"]]
    if lost:
        out.print(table("Lost", ("Host", "At second", "Crawling"), lost))
    again = [
        (entry["url"], ", ".join(f"{at:.2f} {by}" for at, by in zip(entry["at"], entry["by"], strict=True)))
        for entry in record["asked_for_again"]
    ]
    if again:
        out.print(table(f"Asked for again: {len(again)}", ("Address", "At second, by"), again))
    else:
        out.print("No address was asked for twice.")
    for complaint in record["complaints"]:
        out.print(f"WRONG: {complaint}", markup=False, highlight=False)
    out.print("Nothing is wrong." if not record["complaints"] else f"Wrong: {len(record['complaints'])}")


if __name__ == "__main__":
    typer.run(main)
