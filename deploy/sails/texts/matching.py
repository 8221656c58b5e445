"""What `sails matching` says of a measurement: key → (zh, en)."""

TEXTS: dict[str, tuple[str, str]] = {
    "help-matching": ("匹配：评测、重拟合、重算", "Matching: measure, refit, replay"),
    "help-evaluate": (
        "用历史中标结果评测匹配（最后一行是 JSON）",
        "Measure matching by what tenders were awarded (the last line is JSON)",
    ),
    "help-evaluate-folder": (
        "含 suppliers.jsonl 与 tenders.jsonl 的目录",
        "Folder with suppliers.jsonl and tenders.jsonl",
    ),
    "help-split": (
        "分界日：此前的招标作为供应商业绩，自此日起的招标用于评判",
        "Day: tenders before it are the suppliers' track record, those from it on are judged",
    ),
    "help-baseline": (
        "并与五特征线性评分作配对比较",
        "Also compare, pair by pair, with a linear score of five features",
    ),
    "help-fit": (
        "按时间顺序由历史中标结果拟合新的权重，并在其后的月份上与现行权重配对比较",
        "Fit new weights on what tenders were awarded, in order of time, and compare them on later"
        " months",
    ),
    "help-until": (
        "截止日：此前的招标用于拟合，自此日起的招标用于比较",
        "Day: tenders before it are fitted on, those from it on are compared on",
    ),
    "help-write": (
        "把新权重追加到 weights.yaml（进程重启后生效）",
        "Append them to weights.yaml (processes take them when they start)",
    ),
    "fitted": (
        "在 {fitted} 个招标上拟合，在其后的 {judged} 个上比较",
        "Fitted on {fitted} tenders, compared on {judged} later ones",
    ),
    "column-present": ("现行权重", "Present weights"),
    "evaluate-fit": ("逐日学习", "learning day by day"),
    "help-replay": (
        "由存储的特征值与权重版本重算得分，核对是否一致",
        "Compute scores anew from the values and weights stored with them",
    ),
    "help-replay-newest": (
        "核对最新的多少个匹配与多少次排序",
        "So many of the newest matches, and of the newest rankings",
    ),
    "replay-agrees": ("全部一致", "All of them agree"),
    "replay-differs": ("{count} 个不一致", "{count} do not agree"),
    "evaluate-read": ("读取与建立索引", "reading and indexing"),
    "evaluate-judge": ("评判", "judging"),
    "evaluate-baseline": ("基线", "baseline"),
    "evaluated": (
        "{suppliers} 家供应商；{known} 个招标为业绩，{judged} 个招标用于评判",
        "{suppliers} suppliers; {known} tenders as track record, {judged} judged",
    ),
    "evaluate-skipped": ("未采用：{reasons}", "Left out: {reasons}"),
    "skip-supplier_without_id": ("供应商缺少编号", "suppliers without an id"),
    "skip-supplier_without_name": ("供应商缺少名称", "suppliers without a name"),
    "skip-supplier_twice": ("供应商编号重复", "suppliers whose id came before"),
    "skip-supplier_refused": ("供应商内容不合规", "suppliers that no import takes"),
    "skip-tender_without_id": ("招标缺少编号", "tenders without an id"),
    "skip-tender_without_name": ("招标缺少标题与内容", "tenders without title and scope"),
    "skip-tender_without_date": ("招标日期无法读取", "tenders without a readable date"),
    "skip-tender_twice": ("招标编号重复", "tenders whose id came before"),
    "skip-tender_refused": ("招标内容不合规", "tenders that no import takes"),
    "skip-tender_without_relevant": (
        "待评判的招标没有已知的入围供应商",
        "tenders to be judged without a ranked supplier that is known",
    ),
    "skip-bid_unreadable": ("投标无法读取", "bids that cannot be read"),
    "skip-bid_of_unknown_supplier": ("投标的供应商不在名单中", "bids of suppliers not listed"),
    "column-value": ("数值", "Value"),
    "column-interval": ("95% 区间", "95 % interval"),
    "column-baseline": ("基线", "Baseline"),
    "column-difference": ("差（本系统 − 基线）", "Difference (ours - baseline)"),
    "column-verdict": ("结论", "Verdict"),
    "verdict-better": ("优于基线", "better than the baseline"),
    "verdict-worse": ("劣于基线", "worse than the baseline"),
    "verdict-chance": ("差异在区间之内，不能认定", "within its interval: may be chance"),
}
