"""What each indicator of the programme means, and what its steps are called, zh and en."""

STEPS: dict[str, tuple[str, str]] = {
    "demand": ("发布需求", "Demand published"),
    "matched": ("推送匹配", "Matches sent"),
    "quoted": ("报价", "Quoted"),
    "awarded": ("定标", "Awarded"),
    "contracted": ("签约", "Contracted"),
    "accepted": ("验收", "Accepted"),
    "confirmed": ("确权", "Confirmed"),
    "applied": ("申请融资", "Financing applied for"),
    "offered": ("融资报价", "Offers of financing"),
    "disbursed": ("放款", "Disbursed"),
    "settled": ("还清", "Repaid"),
}

DEFINITIONS: dict[str, tuple[str, str]] = {
    "demands.count": ("期间内发布的需求数", "Demands published in the period"),
    "demands.amount": (
        "其预算之和（未写明预算的不计）", "The sum of their budgets, where one is stated",
    ),
    "demands.count_by_state": (
        "按类型和状态的需求数，占全部需求", "Demands of a kind and state, of all of them",
    ),
    "demands.amount_by_state": (
        "按类型和状态的预算之和，占全部预算",
        "The sum of budgets of a kind and state, of all of them",
    ),
    "supplies.count": ("期间内登记的供给数", "Supplies entered in the period"),
    "supplies.count_by_state": ("按状态的供给数，占全部供给", "Supplies of a state, of all"),
    "matches.count": ("期间内推送的匹配数", "Matches sent in the period"),
    "matches.count_by_state": ("按状态的匹配数，占全部匹配", "Matches of a state, of all"),
    "funnel.count": ("到达该环节的需求数", "Demands whose deal came to this step"),
    "funnel.amount": (
        "该环节的金额：定标及之前为预算，其后为合同、验收、确权、申请、放款和还清的金额",
        "What it is worth: budgets up to the award, then what was contracted, accepted, confirmed,"
        " applied for, disbursed and repaid",
    ),
    "funnel.conversion": (
        "到达上一环节的需求中，也到达该环节的比例",
        "Of the demands that came to the step before, those that came to this one",
    ),
    "funnel.median_hours": (
        "两个环节首次到达之间的小时数，中位数",
        "Hours from the first time at the step before to the first time at this one, median",
    ),
    "funnel.p90_hours": (
        "两个环节首次到达之间的小时数，第 90 百分位",
        "Hours from the first time at the step before to the first time at this one, 90th"
        " percentile",
    ),
    "exposure.gini": (
        "供应商获得推送次数的基尼系数（含从未获得的）",
        "Gini coefficient of how often suppliers were listed (those never seen count)",
    ),
    "exposure.largest_share": (
        "最常出现的供应商所占名单的比例",
        "Of the lists, those in which the supplier seen most often stood",
    ),
    "exposure.coverage": (
        "有供给的供应商中，出现在名单中的比例",
        "Of the suppliers with something on offer, those that stood in a list",
    ),
    "overdue.payables": (
        "逾期的应付款项，占已起算未付清的", "Payables overdue, of those that run and are not paid",
    ),
    "overdue.payables_amount": (
        "逾期的应付金额，占已起算未付清的", "Their amount, of what runs and is not paid",
    ),
    "overdue.confirmations": (
        "请求确权超过 30 日未答复的，占待确权的",
        "Confirmations unanswered for more than 30 days, of those asked for",
    ),
    "health.outbox_age": (
        "网关最早一条未发布事实的等待秒数", "How long the gateway's oldest unpublished fact waits",
    ),
    "health.outbox_depth": ("网关未发布的事实数", "The gateway's facts not yet published"),
    "health.feed_waiting": ("等待编号的信息流条目数", "Rows that wait for their place in the feed"),
    "health.dead_letters": (
        "死信数：由 `sails dlq list` 和 Prometheus 指标给出",
        "Dead letters: `sails dlq list` and the Prometheus metrics have them",
    ),
    "health.other_outboxes_age": (
        "其他服务最早一条未发布事实的等待秒数：由 Prometheus 指标给出",
        "How long the other services' oldest unpublished facts wait: the Prometheus metrics say",
    ),
}  # fmt: skip
