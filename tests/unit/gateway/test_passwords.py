"""Which passwords are taken, and what is kept of them."""

import pytest
from argon2 import PasswordHasher

from services.contracts.problems import Problem
from services.gateway import passwords
from services.gateway.passwords import checked, chosen, hashed, normal

GOOD = "一帆风顺 Sails!"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short 123", "password_short"),
        ("e\u0301" * 5, "password_short"),  # ten as typed, five as read
        ("Zhang.Min-Haidian", "password_is_login"),
        ("1234567890", "password_common"),
        ("Password123", "password_common"),
        ("１２３４５６７８９０", "password_common"),  # full width
        ("aaaaaaaaaaaa", "password_common"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        chosen(password, "zhang.min-haidian", "/password")
    assert (refused.value.code, refused.value.pointer) == (code, "/password")


def test_a_password_is_the_same_from_every_keyboard() -> None:
    kept = hashed(chosen("Ｓａｉｌｓ ２０２６ ok", "zhang.min", "/password"))
    assert checked(normal("Sails 2026 ok"), kept) == kept
    assert checked(normal("sails 2026 ok"), kept) is None


def test_it_is_kept_as_argon2id_with_salt() -> None:
    first, second = hashed(GOOD), hashed(GOOD)
    assert first != second and GOOD not in first
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_of_lesser_parameters_is_renewed_by_the_right_password_alone() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    better = checked(GOOD, weak)
    assert better is not None and better.startswith("$argon2id$v=19$m=19456")
    assert checked("another one", weak) is None


def test_what_is_no_hash_fits_nothing() -> None:
    assert checked(GOOD, "x") is None


def test_without_a_hash_as_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(passwords, "HASHER", Watched(asked))
    assert checked(GOOD, None) is None
    assert [kept.startswith("$argon2id$v=19$m=19456") for kept in asked] == [True]


class Watched(PasswordHasher):
    """Keeps what it was asked to verify against."""

    def __init__(self, asked: list[str]) -> None:
        super().__init__(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self.asked = asked

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.asked.append(str(hash))
        return super().verify(hash, password)
