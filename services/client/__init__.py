"""The public API from outside: what a bank's system, a script or a test needs, and nothing else.

It imports no other part of the platform: whatever it can do, a stranger's program can do.
"""

from services.client.client import Client
from services.client.money import fen, money
from services.client.problems import NoAnswer, Refused
from services.client.retry import Patience

__all__ = ["Client", "NoAnswer", "Patience", "Refused", "fen", "money"]
