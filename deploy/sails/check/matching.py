"""What must hold of supplies, their capacity and their matches."""

from deploy.sails.check.entry import Check, Figure

CHECKS = (
    Check(
        "capacity_is_reservations", "matching", "占用与使用的产能等于各定标占用之和",
        "What is reserved and used of a supply is the sum of its reservations",
        "SELECT s.number, s.capacity_reserved, s.capacity_used FROM supplies s"
        " LEFT JOIN reservations r ON r.supply_id = s.id GROUP BY s.id"
        " HAVING s.capacity_reserved <> coalesce(sum(units) FILTER (WHERE r.state = 'reserved'), 0)"
        " OR s.capacity_used <> coalesce(sum(units) FILTER (WHERE r.state = 'used'), 0)",
    ),
)  # fmt: skip
FIGURES = (
    Figure("supplies", "matching", "SELECT count(*) FROM supplies"),
    Figure("matches", "matching", "SELECT count(*) FROM matches"),
)
