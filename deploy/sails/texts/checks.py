"""What the doctor looks at, by name, and what to do when it fails: key → (zh, en)."""

TEXTS: dict[str, tuple[str, str]] = {
    "check-python": ("Python 版本", "Python version"),
    "advise-python": (
        "需要 3.11–3.13，安装后删除 .venv 再运行 make setup",
        "3.11–3.13 is needed; install one, delete .venv, run `make setup`",
    ),
    "check-venv": ("依赖与锁文件一致", "Packages match the lock"),
    "advise-venv": ("运行 make setup", "Run `make setup`"),
    "check-database": ("数据库", "Database"),
    "advise-database": (
        "运行 make setup，或安装 PostgreSQL 15 以上，或设置 DATABASE_URL_*",
        "Run `make setup`, or install PostgreSQL 15 or later, or set DATABASE_URL_*",
    ),
    "check-broker": ("消息代理", "Broker"),
    "advise-broker": (
        "三种办法：设置 AMQP_URI；自行安装 rabbitmq-server；以 root 且可联网时运行 make setup",
        "Three ways: set AMQP_URI; install rabbitmq-server; `make setup` as root with a network",
    ),
    "check-port": ("公共接口端口", "Port of the public API"),
    "advise-port": (
        "不必处理：启动时会换用下一个空闲端口",
        "Nothing to do: the next free port is used",
    ),
    "check-public-url": ("公开网址", "Public address"),
    "advise-public-url": (
        "本机试用不必处理；对外服务时设置 SAILS_PUBLIC_URL=https://…，否则密码以明文传输",
        "Nothing to do on this machine alone; for others set SAILS_PUBLIC_URL=https://…, else"
        " passwords travel in the clear",
    ),
    "check-disk": ("磁盘空间", "Disk space"),
    "advise-disk": ("至少腾出 {needed} GB", "Make at least {needed} GB free"),
    "check-leftovers": ("残留进程", "Processes left over"),
    "advise-leftovers": ("运行 make stop", "Run `make stop`"),
    "installable": ("未安装，可以自动安装", "not installed, can be installed for you"),
    "not-installable": (
        "未安装，且不能自动安装（root：{root}，apt：{apt}）",
        "not installed, and cannot be installed for you (root: {root}, apt: {apt})",
    ),
    "missing": ("没有", "none"),
    "taken": ("{port} 被占用", "{port} is taken"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
}
