"""What the law and the platform's own rules say of orders: data in YAML, decisions in Python."""

from pathlib import Path

from services.rules import Book, book

BOOK: Book = book(Path(__file__).parent)
