"""Measurements, each beside its yardstick in the same run. None of them is a test.

`make bench` runs all of them, `make bench BENCH="drain reads"` some. A measurement is a module of
this folder with `measure(tell) -> list[Figure]`; `tell` takes lines that say how it goes.
"""
