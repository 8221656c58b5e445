"""The columns of a list in a file, a kind each, with their headings in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.contracts.words import DOCUMENT

LANGUAGES = ("zh", "en")


class Column(NamedTuple):
    """A field of the document as HTTP shows it.

    `type`: text, code, codes, said (in both languages), place, money, day, moment, number, figure
    or flag. `per` divides a whole number that counts hundredths or millionths; `named` has the
    words of a code.
    """

    field: str
    type: str
    zh: str
    en: str
    per: int = 1
    named: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def heading(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def _text(field: str, zh: str, en: str) -> Column:
    return Column(field, "text", zh, en)


def _code(field: str, zh: str, en: str, group: str) -> Column:
    return Column(field, "code", zh, en, named=DOCUMENT["codes"][group])


def _state(kind: str) -> Column:
    return Column("state", "code", "状态", "State", named=DOCUMENT["states"][kind])


def _kind(group: str) -> Column:
    return _code("kind", "类型", "Kind", group)


def _said(field: str, zh: str, en: str) -> Column:
    return Column(field, "said", zh, en)


def _money(field: str, zh: str, en: str) -> Column:
    return Column(field, "money", f"{zh}（元）", f"{en} (CNY)")


def _day(field: str, zh: str, en: str) -> Column:
    return Column(field, "day", zh, en)


def _moment(field: str, zh: str, en: str) -> Column:
    return Column(field, "moment", zh, en)


def _number(field: str, zh: str, en: str, per: int = 1) -> Column:
    return Column(field, "number", zh, en, per)


def _figure(field: str, zh: str, en: str) -> Column:
    """A number of any sort, written as text."""
    return Column(field, "figure", zh, en)


_BASIS_POINTS = 100  # of a per cent
_MILLIONTHS = 10_000  # of a per cent
_NUMBER = _text("number", "编号", "Number")
_CREATED = _moment("created_at", "创建时间", "Created")
_BUYER, _SUPPLIER = (
    _text("buyer_name", "采购方", "Buyer"),
    _text("supplier_name", "供应商", "Supplier"),
)
_SELLER, _DEBTOR = (
    _text("seller_name", "债权人", "Seller"),
    _text("debtor_name", "债务人", "Debtor"),
)
_BANK = _text("bank_name", "资金方", "Bank")
_TITLE = _text("title", "标题", "Title")
_LOANS, _OPEN = _number("loans", "笔数", "Loans"), _money("open", "未还本金", "Open principal")
_AMOUNT, _DUE = _money("amount", "金额", "Amount"), _day("due_date", "到期日", "Due date")

_CAPACITIES = Column("capacities", "codes", "角色", "Capacities", named=DOCUMENT["capacities"])

COLUMNS: dict[str, tuple[Column, ...]] = {
    "party": (
        _NUMBER, _state("party"), _text("name", "名称", "Name"),
        _text("credit_code", "统一社会信用代码", "Credit code"),
        _CAPACITIES, _code("nature", "性质", "Nature", "nature"),
        _code("size", "规模", "Size", "size"), Column("region", "place", "地区", "Region"),
        _text("industry", "行业", "Industry"),
        _day("verified_until", "核验有效期至", "Verified until"), _CREATED,
    ),
    "demand": (
        _NUMBER, _state("demand"), _kind("demand_kind"), _TITLE, _BUYER,
        _code("method", "采购方式", "Method", "method"),
        Column("region", "place", "地区", "Region"), _money("budget", "预算", "Budget"),
        _moment("published_at", "发布时间", "Published"),
        _moment("quote_deadline_at", "报价截止", "Quote deadline"),
        _day("delivery_due_date", "交付日期", "Delivery due"),
        _number("quote_count", "报价数", "Quotes"), _CREATED,
    ),
    "quote": (
        _NUMBER, _state("quote"), _text("demand_id", "需求", "Demand"), _SUPPLIER,
        _number("round_no", "轮次", "Round"), _money("price", "报价", "Price"),
        _number("delivery_days", "交付天数", "Delivery days"),
        _day("valid_until", "有效期至", "Valid until"), _moment("sealed_at", "密封时间", "Sealed"),
        _moment("opened_at", "开启时间", "Opened"), _CREATED,
    ),
    "contract": (
        _NUMBER, _state("contract"), _kind("contract_kind"), _TITLE, _BUYER, _SUPPLIER, _AMOUNT,
        _day("delivery_due_date", "交付日期", "Delivery due"),
        _moment("sign_until", "签署截止", "Sign until"), _moment("signed_at", "签署时间", "Signed"),
        _CREATED,
    ),
    "payable": (
        _NUMBER, _state("payable"), _text("contract_number", "合同编号", "Contract"),
        _BUYER, _SUPPLIER, _text("payee", "收款方", "Payee"), _number("node_no", "节点", "Node"),
        _code("node_kind", "节点类型", "Node kind", "node_kind"), _AMOUNT,
        _money("paid", "已付", "Paid"), _money("left", "未付", "Still owed"),
        _day("start_date", "起算日", "Start date"), _DUE,
        _number("days_overdue", "逾期天数", "Days overdue"),
        _moment("paid_at", "付清时间", "Paid on"),
        _money("late_interest", "逾期利息", "Late interest"), _CREATED,
    ),
    "receivable": (
        _NUMBER, _state("receivable"), _SELLER, _DEBTOR,
        _text("contract_number", "合同编号", "Contract"),
        _text("invoice.number", "发票号码", "Invoice"), _money("claimed", "申报金额", "Claimed"),
        _money("confirmed", "确权金额", "Confirmed"), _money("allocated", "融资占用", "Allocated"),
        _DUE, _day("confirm_until", "确权期限", "Confirm until"),
        Column("confirmation_overdue", "flag", "确权逾期", "Confirmation overdue"),
        _moment("confirmed_at", "确权时间", "Confirmed on"), _CREATED,
    ),
    "application": (
        _NUMBER, _state("application"), _text("applicant_name", "申请人", "Applicant"), _AMOUNT,
        _code("amount_band", "金额区间", "Amount band", "amount_band"),
        _number("term_days", "期限（天）", "Term days"),
        _day("latest_due_date", "最迟到期日", "Latest due date"),
        _moment("submitted_at", "提交时间", "Submitted"),
        _moment("offers_until", "报价截止", "Offers until"),
        _code("waiting_for", "等待", "Waiting for", "waiting_for"), _CREATED,
    ),
    "offer": (
        _NUMBER, _state("offer"), _BANK, _text("application_id", "融资申请", "Application"),
        _AMOUNT, _number("rate_bp", "年利率（%）", "Rate (% a year)", _BASIS_POINTS),
        _money("fee", "费用", "Fee"), _money("interest", "利息", "Interest"),
        _number("all_in_cost_bp", "综合融资成本（%）", "All-in cost (% a year)", _BASIS_POINTS),
        _day("loan_due_date", "还款日", "Loan due"),
        _moment("valid_until", "有效期至", "Valid until"), _CREATED,
    ),
    "loan": (
        _NUMBER, _state("loan"), _text("application_number", "融资申请", "Application"),
        _text("borrower_name", "借款人", "Borrower"), _text("debtors", "债务人", "Debtors"), _BANK,
        _money("principal", "本金", "Principal"), _OPEN, _money("fee", "费用", "Fee"),
        _number("rate_bp", "年利率（%）", "Rate (% a year)", _BASIS_POINTS),
        _moment("disbursed_at", "放款时间", "Disbursed"), _DUE,
        _money("principal_paid", "已还本金", "Principal repaid"),
        _money("interest_paid", "已还利息", "Interest repaid"),
        _money("surplus", "余款", "Surplus"), _moment("repaid_at", "结清时间", "Repaid on"),
        _text("bank_reference", "银行流水号", "Bank reference"), _CREATED,
    ),
    "supply": (
        _NUMBER, _state("supply"), _kind("supply_kind"), _TITLE, _SUPPLIER,
        _text("item_code", "货号", "Item code"),
        _money("price_min", "最低价", "Lowest price"),
        _money("price_max", "最高价", "Highest price"),
        _number("capacity_declared", "申报产能", "Capacity"),
        _number("lead_time_days", "交期（天）", "Lead time (days)"),
        _day("evidence_until", "证明有效期至", "Evidence until"), _CREATED,
    ),
    "match": (
        _NUMBER, _state("match"), _text("demand_title", "需求", "Demand"),
        _text("supply_title", "供给", "Supply"), _SUPPLIER,
        _code("source", "来源", "Source", "match_source"),
        _number("rank", "排名", "Rank"),
        _number("score_ppm", "得分（%）", "Score (%)", _MILLIONTHS), _CREATED,
    ),
    "position": (
        _NUMBER, _state("position"), _text("receivable_id", "应收账款", "Receivable"),
        _text("application_id", "融资申请", "Application"), _BANK, _AMOUNT,
        _text("filing.filing_number", "登记编号", "Filing"),
        _moment("notice.arrived_at", "通知到达", "Notice arrived"),
        _moment("acknowledged_at", "回执时间", "Acknowledged"),
        _moment("settled_at", "结清时间", "Settled"), _CREATED,
    ),
}  # fmt: skip
# Of what is no list of things: whose turn it is, the audit, the programme's figures.
COLUMNS |= {
    "step": (
        _NUMBER, Column("step", "code", "待办", "Step", named=DOCUMENT["steps"]),
        Column("kind", "code", "对象", "Kind", named=DOCUMENT["kinds"]), _TITLE,
        _text("owner.name", "责任单位", "Owed by"),
        Column("owner.role", "code", "责任角色", "Role", named=DOCUMENT["capacities"]),
        _text("others", "对方", "Others"), _AMOUNT, _moment("since", "开始时间", "Since"),
        _number("days", "已等天数", "Days"), _day("due_day", "期限", "Due"),
        _moment("due_at", "截止时间", "Due at"),
        Column("is_overdue", "flag", "已超期", "Overdue"), _said("citation", "依据", "Rule"),
    ),
    "audit": (
        _moment("occurred_at", "时间", "When"),
        Column("type", "code", "发生了什么", "What happened", named=DOCUMENT["facts"]),
        Column("kind", "code", "对象", "Kind", named=DOCUMENT["kinds"]), _NUMBER,
        _said("state_after", "此后为", "Left it"), _said("state", "目前状态", "State now"),
        _text("actor.name", "办理单位", "Party"), _text("person.name", "办理人员", "Person"),
        Column("person.roles", "codes", "岗位", "Duties", named=DOCUMENT["roles"]),
        _text("thread_id", "交易", "Deal"),
    ),
    "indicator": (
        _text("id", "指标", "Indicator"), _said("definition", "含义", "Meaning"),
        _said("kind", "类型", "Kind"), _said("state", "状态", "State"),
        _said("step", "环节", "Step"), _figure("value", "数值", "Value"),
        _figure("numerator", "分子", "Numerator"), _figure("denominator", "分母", "Denominator"),
        _said("unit", "单位", "Unit"), _said("reason", "不显示的原因", "Why there is none"),
        _moment("as_of", "统计时间", "As of"),
    ),
}  # fmt: skip
# The parts of a bank's portfolio, a sheet each.
PARTS: dict[str, tuple[Column, ...]] = {
    "exposure": (
        _text("name", "债务人", "Debtor"), _LOANS, _OPEN,
        _number("share_ppm", "占比（%）", "Share (%)", _MILLIONTHS),
        _money("promised", "待放款", "To be paid out"),
        _money("limit.granted", "授信额度", "Limit"),
        _money("limit.reserved", "占用额度", "Reserved"), _money("limit.used", "已用额度", "Used"),
    ),
    "ladder": (_text("month", "到期月份", "Due in"), _LOANS, _OPEN),
    "by_state": (_state("loan"), _LOANS, _money("principal", "本金", "Principal"), _OPEN),
    "under_way": (_state("application"), _number("count", "笔数", "Applications"), _AMOUNT),
}  # fmt: skip
SHEETS = COLUMNS | PARTS
# What the file is called, in Chinese.
TITLES = {
    "party": "机构", "step": "待办", "audit": "审计", "indicator": "统筹指标",
    "demand": "需求", "quote": "报价", "contract": "合同", "payable": "应付款项",
    "receivable": "应收账款", "application": "融资申请", "offer": "融资报价", "loan": "借款",
    "supply": "供给", "match": "匹配", "position": "融资份额",
    "portfolio": "资产组合", "exposure": "按债务人的敞口", "ladder": "到期阶梯",
    "by_state": "借款状态", "under_way": "办理中的申请",
}  # fmt: skip
