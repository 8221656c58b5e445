"""Every sentence of the story: key → (zh, en). People and amounts are filled in."""

from deploy.sails.texts import language

WORDS: dict[str, tuple[str, str]] = {
    # Chapters
    "chapter-stage": ("一、启动平台", "1. The platform starts"),
    "chapter-cast": ("二、机构入驻，人员与授权", "2. Organisations, their people and mandates"),
    "chapter-market": ("三、装载需求与供给", "3. Demands and supplies are loaded"),
    "chapter-real": ("三、导入真实订单与供应商", "3. Real orders and suppliers are imported"),
    "chapter-deal": ("四、一笔交易，从需求到结清", "4. One deal, from demand to settlement"),
    "chapter-timeline": ("五、全程时间线", "5. The thread as one timeline"),
    "chapter-check": ("六、独立核对", "6. The independent check"),
    # Progress
    "load-parties": ("机构入驻并核验", "parties registered and verified"),
    "load-supplies": ("供给", "supplies"),
    "load-demands": ("需求", "demands"),
    "load-matches": ("匹配", "matches"),
    "load-suppliers": ("真实供应商", "real suppliers"),
    "load-records": ("业绩", "track record"),
    "load-orders": ("真实订单", "real orders"),
    "waits": ("等待：{what}", "waiting for: {what}"),
    "skipped": ("  未导入 {count} 条：{reasons}", "  {count} not imported: {reasons}"),
    # The deal
    "published": ("发布需求 {number}《{title}》，预算 {amount}",
                  "publishes {number} “{title}”, budget {amount}"),
    "matched": ("收到匹配（第 {rank} 名，得分 {score}，共同词：{terms}），有意报价",
                "is matched (number {rank}, score {score}, shared words: {terms}), will quote"),
    "quoted": ("密封报价 {number}，封条 {seal}…（买方看不到价格）",
               "seals quote {number}, seal {seal}… (the buyer sees no price)"),
    "opened": ("报价截止，开启 {count} 份，最低 {amount}",
               "the deadline passes: {count} quotes are opened, the lowest {amount}"),
    "awarded": ("定标：{supplier}，{amount}", "awards to {supplier}, {amount}"),
    "award_confirmed": ("产能已占用，确认成交", "capacity is reserved; confirms the award"),
    "cleared": ("合同 {number} 起草，{amount}，规则检查通过（提示 {findings} 条）",
                "contract {number} is drafted, {amount}; the rules clear it ({findings} notes)"),
    "signed": ("用本人密钥签署合同 {number}", "signs contract {number} with their own key"),
    "shipped": ("发货 {number}，{amount}", "ships {number}, {amount}"),
    "accepted": ("到货并验收 {number}", "accepts {number} on arrival"),
    "due_set": ("应付款 {number}，{amount}，到期日 {due}", "payable {number}, {amount}, due {due}"),
    "entered": ("录入应收账款 {number} 及发票，{amount}",
                "enters receivable {number} with its invoice, {amount}"),
    "prepared": ("经办确权 {number}", "prepares the confirmation of {number}"),
    "confirmed": ("复核并签署确权 {number}，{amount}",
                  "checks and signs the confirmation of {number}, {amount}"),
    "authorised": ("授权 {bank} 查看数据", "authorises {bank} to see the data"),
    "applied": ("提交融资申请 {number}，{amount}", "applies for financing {number}, {amount}"),
    "pulled": ("拉取申请，可见全文：{names}", "pulls the application and sees it whole: {names}"),
    "masked": ("拉取申请，只见脱敏摘要：金额档 {band}，{days} 天",
               "pulls it masked: amount band {band}, {days} days"),
    "opened_to": ("获授权后可见全文：{names}", "sees it whole once authorised: {names}"),
    "offer_sealed": ("双人审批后密封报价 {number}（截止前只有本行可见）",
                     "seals offer {number} after two people's approval (no one else sees it yet)"),
    "offer": ("报价开启：{bank} {amount}，利率 {rate}，综合成本 {cost}",
              "an offer opens: {bank} {amount} at {rate}, all-in {cost}"),
    "chosen": ("选择 {bank}", "chooses {bank}"),
    "filed": ("中登登记 {number}", "is filed in the registry: {number}"),
    "noticed": ("转让通知到达债务人 {at}", "the assignment notice reached the debtor {at}"),
    "disbursed": ("放款 {number}，{amount}", "pays out {number}, {amount}"),
    "repaid": ("到期付款 {amount} 至 {bank}，流水 {reference}",
               "pays {amount} to {bank} at maturity, reference {reference}"),
    "settled": ("全部结清：需求 {number} 履行完毕", "all is settled: demand {number} is fulfilled"),
    "and": ("、", ", "),
    # The real data
    "best-matches": ("  需求《{title}》的最佳匹配", "  The best matches of “{title}”"),
    "match-rank": ("第 {rank} 名", "Number {rank}"),
    "match-supplier": ("供应商", "Supplier"),
    "match-terms": ("共同词", "Shared words"),
    "match-score": ("得分，其中", "Score, of which"),
    "feature-text": ("文本相关", "text"),
    "feature-experience": ("相关业绩", "experience"),
    "feature-region": ("地区相近", "region"),
    "feature-category": ("类别相符", "category"),
    "feature-qualification": ("资质", "qualification"),
    "feature-activity": ("近期活跃", "recent activity"),
    "feature-win_rate": ("中标率", "win rate"),
    "verdict-pass": ("条件符合", "Conditions met"),
    "verdict-unknown": ("条件待核", "Not known"),
    "verdict-fail": ("条件不符", "Not met"),
    "constraint-kind": ("供需类型", "kind"),
    "constraint-counterparty": ("对方另属一家", "another party"),
    "constraint-active": ("供给有效", "on offer"),
    "constraint-verified": ("供方核验", "verified"),
    "constraint-region": ("服务地区", "region"),
    "constraint-qualification": ("所需资质", "qualification"),
    "constraint-price": ("价格", "price"),
    "constraint-capacity": ("产能", "capacity"),
    "constraint-lead_time": ("交期", "lead time"),
    "unmatched": ("  {count} 个真实订单没有找到匹配",
                  "  {count} real orders found no match"),
    "unverified": ("  {count} 个真实机构没有信用代码：保持未核验，可以匹配，不能签约",
                   "  {count} real names have no credit code: they stay unverified, may be "
                   "matched, and may not sign"),
    # The end
    "column-when": ("时间", "When"),
    "column-who": ("谁", "Who"),
    "column-what": ("事项", "What"),
    "column-number": ("编号", "Number"),
    "column-amount": ("金额", "Amount"),
    "system": ("平台", "platform"),
    "check-holds": ("核对通过：{checks} 项全部成立", "The check passes: all of {checks} hold"),
    "failed": ("演示未能完成：{reason}", "The demonstration could not go on: {reason}"),
    "logs-kept": ("日志在 {folder}", "The logs are in {folder}"),
    "stopping": ("停止全部进程", "Stopping everything"),
}  # fmt: skip


def word(key: str, **values: object) -> str:
    """The sentence in the caller's language."""
    chinese, english = WORDS[key]
    return (english if language() == "en" else chinese).format(**values)


def named(kind: str, code: str) -> str:
    """What people call a code word of the API; the code itself where nobody named it yet."""
    key = f"{kind}-{code}"
    return word(key) if key in WORDS else code
