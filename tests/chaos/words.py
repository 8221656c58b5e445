"""What is said on the way: key → (zh, en), as the command line does."""

from deploy.sails.texts import language
from tests.chaos.plan import Fault

WORDS = {
    "plan": ("剧本（种子 {seed}）", "The plan (seed {seed})"),
    "cast": ("机构入驻、供给上架", "Organisations join, supplies are loaded"),
    "load": ("负载开始：{traders} 位交易者，{posters} 位发布者",
             "The load begins: {traders} traders, {posters} posters"),
    "fault": ("故障 {number}/{count}（第 {row} 行）：{what}",
              "fault {number}/{count} (row {row}): {what}"),
    "meanwhile": ("期间：{what}", "meanwhile: {what}"),
    "recovered": ("  恢复 {took:.1f} 秒", "  recovered in {took:.1f} s"),
    "settling": ("负载结束，等待平静后核对", "The load ends; checking once all is quiet"),
    "broken": ("✗ {what}", "✗ {what}"),
    "kept": ("✓ 所有承诺均成立", "✓ every promise was kept"),
    "logs": ("日志保留在 {folder}", "logs are kept in {folder}"),
    "column-fault": ("故障", "fault"),
    "column-times": ("次数", "times"),
    "column-recovery": ("最长恢复（秒）", "longest recovery (s)"),
}  # fmt: skip
KINDS = {
    "kill": ("杀死进程", "kill -9"),
    "roll": ("滚动重启", "rolling SIGTERM"),
    "broker-kill": ("杀死消息代理", "broker killed"),
    "broker-freeze": ("消息代理冻结", "broker frozen"),
    "memory-alarm": ("消息代理内存告警", "memory alarm"),
    "poison": ("毒消息", "poison"),
    "database-restart": ("数据库重启", "database restarted"),
    "sessions-ended": ("数据库连接被断开", "database sessions ended"),
    "copies": ("重复与迟到的消息", "copies, late and out of order"),
    "other-arguments": ("队列参数不符", "queue with other arguments"),
    "missing-right": ("缺少权限", "missing right"),
    "day": ("一个工作日过去", "a business day passes"),
    "partition": ("网络分区", "partition"),
}  # fmt: skip


def word(key: str, **values: object) -> str:
    """The sentence in the reader's language."""
    return WORDS[key][language() == "en"].format(**values)


def named(fault: Fault) -> str:
    """A fault as one says it, with its targets and how long it lasts."""
    kind = KINDS[fault.kind][language() == "en"]
    lasts = f"{fault.lasts_s:g} s" if fault.lasts_s else ""
    return " ".join(part for part in (kind, *fault.targets, lasts) if part)
