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

# One line each, as people say it; of a share first what is counted, then of what.
DEFINITIONS: dict[str, tuple[str, str]] = {
    "demands.count": ("期间内发布的需求数", "Demands published in the period"),
    "demands.amount": (
        "期间内发布的需求的预算之和，未写明预算的不计",
        "The sum of the budgets of the demands published in the period, where one is stated",
    ),
    "demands.count_by_state": (
        "该类型、该状态的需求数 ÷ 期间内发布的全部需求数",
        "Demands of this kind and state ÷ all demands published in the period",
    ),
    "demands.amount_by_state": (
        "该类型、该状态的需求预算之和 ÷ 全部需求预算之和",
        "Budgets of the demands of this kind and state ÷ budgets of all demands",
    ),
    "supplies.count": ("期间内登记的供给数", "Supplies entered in the period"),
    "supplies.count_by_state": (
        "该状态的供给数 ÷ 期间内登记的全部供给数",
        "Supplies in this state ÷ all supplies entered in the period",
    ),
    "matches.count": (
        "期间内推送给供应商的匹配数，一个需求可推送给多家",
        "Matches sent to suppliers in the period; one demand is sent to several",
    ),
    "matches.count_by_state": (
        "该状态的匹配数 ÷ 期间内推送的全部匹配数",
        "Matches in this state ÷ all matches sent in the period",
    ),
    "funnel.count": (
        "期间内发布的需求中，交易到达过该环节的需求数",
        "Of the demands published in the period, those whose deal has come to this step",
    ),
    "funnel.amount": (
        "到达该环节的金额之和：定标及之前为预算，其后依次为合同、验收、确权、申请、放款和还清的金额",
        "What has come to this step, in money: budgets up to the award, then what was contracted,"
        " accepted, confirmed, applied for, disbursed and repaid",
    ),
    "funnel.conversion": (
        "到达过本环节和上一环节的需求数 ÷ 到达过上一环节的需求数",
        "Demands that came to the step before and to this one ÷ those that came to the step before",
    ),
    "funnel.median_hours": (
        "从首次到达上一环节到首次到达本环节的小时数：一半的需求不超过它（中位数）",
        "Hours from first coming to the step before to first coming to this one: half of the"
        " demands took no longer (median)",
    ),
    "funnel.p90_hours": (
        "从首次到达上一环节到首次到达本环节的小时数：九成的需求不超过它（第 90 百分位）",
        "Hours from first coming to the step before to first coming to this one: nine in ten took"
        " no longer (90th percentile)",
    ),
    "exposure.gini": (
        "推送在供应商之间有多不均：0 为各家次数相同，1 为全部推送给同一家；从未被推送的也计入",
        "How unevenly notices are shared out: 0 where all suppliers are listed equally often, 1"
        " where all notices go to one; those never listed count",
    ),
    "exposure.largest_share": (
        "出现最多的那家供应商所在的名单数 ÷ 统计的名单数（最近的推送名单）",
        "Lists in which the supplier seen most often stood ÷ the lists that were counted (the"
        " newest)",
    ),
    "exposure.coverage": (
        "在名单中出现过的供应商数 ÷ 有供给可供匹配的供应商数",
        "Suppliers that stood in a list ÷ suppliers with something on offer",
    ),
    "overdue.payables": (
        "已逾期的应付款项数 ÷ 已开始计算账期且未付清的款项数",
        "Payables overdue ÷ payables whose term has begun and that are not paid in full",
    ),
    "overdue.payables_amount": (
        "已逾期的应付金额 ÷ 已开始计算账期且未付清的应付金额",
        "Amount overdue ÷ amount of all payables whose term has begun and that are not paid in"
        " full",
    ),
    "overdue.confirmations": (
        "请求确权后超过 30 日未答复的笔数 ÷ 正在等待确权的笔数",
        "Confirmations unanswered 30 days after they were asked for ÷ all that are waited for",
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
