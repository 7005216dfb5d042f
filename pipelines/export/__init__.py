"""The corpus out to training: Parquet or JSON lines, an article a row, and a quality card (`docs/export.md`).

`corpus.py` is the export: `survey.py` looks at every article and says which are in it, `duplicates.py` which
of these say what another one says, `rows.py` makes the rows, `parts.py` the files, `tally.py`, `card.py` and
`readme.py` the card, and `folder.py` sees to it that only what is whole has the export's name.
"""
