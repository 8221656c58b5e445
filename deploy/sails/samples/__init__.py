"""Sample data: generated from phrase tables of our own, and read from a folder of real notices."""

from deploy.sails.samples.sample import Sample, generate

__all__ = ["Sample", "generate"]
