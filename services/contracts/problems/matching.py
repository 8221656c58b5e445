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
    "capacity_below_taken": (
        422,
        "已有 {taken} 个产能单位被占用或使用，申报产能不得低于此数",
        "{taken} units of the capacity are reserved or used; no less can be declared",
    ),
    "evidence_expired": (
        409,
        "供给所列资质已有到期的，请供应商更新后再核验",
        "A qualification of the supply has expired; its supplier must renew it first",
    ),
    "badge_not_claimed": (
        422,
        "供应商没有申报该称号",
        "The supplier does not claim this badge",
    ),
    "badge_expired": (409, "该称号的证书已到期", "The certificate of this badge has expired"),
    "deal_not_claimed": (
        422,
        "供应商没有申报该条业绩",
        "The supplier does not claim such a deal",
    ),
    "item_code_taken": (
        409,
        "本机构已有使用该货号的供给",
        "A supply of this organisation has this item code already",
    ),
    "price_range": (422, "最低价不得高于最高价", "The lowest price is above the highest"),
    "import_in_flight": (
        409,
        "相同来源的数据正在导入，请稍后重试",
        "The same source is being imported; try again shortly",
    ),
}
