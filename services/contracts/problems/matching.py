"""Refusals of matching."""

CODES: dict[str, tuple[int, str, str]] = {
    "demand_not_in_hall": (
        409,
        "该需求不在订单大厅或报价已截止",
        "The demand is not in the order hall, or its quotes have closed",
    ),
    "supply_not_active": (409, "该供给未生效", "The supply is not active"),
    "kind_mismatch": (
        422,
        "供给类型与需求类型不相符",
        "A supply of this kind does not answer a demand of that kind",
    ),
    "own_demand_entered": (
        409,
        "不能承接本机构发布的需求",
        "An organisation cannot answer its own demand",
    ),
    "match_exists": (
        409,
        "该供给与该需求的匹配已在进行中",
        "This supply is in a match with this demand already",
    ),
    "supplies_full": (
        409,
        "每个机构最多保留 {most} 项供给，请先归档不再提供的",
        "An organisation may keep {most} supplies; archive what you no longer offer first",
    ),
    "price_range": (422, "最低价不得高于最高价", "The lowest price is above the highest"),
    "import_in_flight": (
        409,
        "相同来源的数据正在导入，请稍后重试",
        "The same source is being imported; try again shortly",
    ),
}
