"""What must hold of supplies, their capacity and their matches."""

from deploy.sails.check.entry import Check, Figure

CHECKS = (
    Check(
        "capacity_sums", "matching", "占用与使用的产能不超过申报产能",
        "Reserved and used capacity do not exceed what was declared",
        "SELECT number, capacity_declared, capacity_reserved, capacity_used FROM supplies"
        " WHERE capacity_reserved < 0 OR capacity_used < 0"
        " OR capacity_reserved + capacity_used > capacity_declared",
    ),
    Check(
        "matches_once", "matching", "同一需求与供给最多一个有效匹配",
        "A demand and a supply have one match",
        "SELECT demand_id, supply_id, count(*) FROM matches GROUP BY 1, 2 HAVING count(*) > 1",
    ),
)  # fmt: skip
FIGURES = (
    Figure("supplies", "matching", "SELECT count(*) FROM supplies"),
    Figure("matches", "matching", "SELECT count(*) FROM matches WHERE state <> 'proposed'"),
)
