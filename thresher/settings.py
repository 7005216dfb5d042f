"""Scrapy's settings of the project: polite to sites, bounded in time and size, nothing listening.

Settings of our own begin with `THRESHER_`. Every one can be overridden in the usual ways
(`scrapy crawl … -s NAME=value`).
"""

from pipelines.feeds import feeds
from pipelines.workers import MEMORY_LIMIT, TIME_LIMIT
from thresher import __version__

BOT_NAME = "thresher"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# Who we are. The contact is where an annoyed webmaster reaches you; the spiders add it to the user agent.
THRESHER_CONTACT = ""
USER_AGENT = f"Thresher/{__version__}"

# Politeness: one request at a time and host, at the pace that the site itself answers in.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0.5
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
COOKIES_ENABLED = False

# Bounds: no answer takes more time or memory than these. A page of 20 MiB holds no article.
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
REDIRECT_MAX_TIMES = 8
RETRY_TIMES = 2

# The nearest pages first, so that a crawl that is cut short has seen all of a site's sections.
DEPTH_PRIORITY = 1
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"

# Nothing listens: either of these would open a local port that runs code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Every request ends as an item: what these do in silence by default, ours report.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "spiders.redirects.ReportedMetaRefreshMiddleware": 580,
    "spiders.redirects.ReportedRedirectMiddleware": 600,
}
SPIDER_MIDDLEWARES = {"spiders.errors.SpiderErrorMiddleware": 10}

ITEM_PIPELINES = {
    "pipelines.clean.CleanPipeline": 300,
    "pipelines.store.pipeline.StorePipeline": 800,
}

# Cleaning: 0 workers means one a processor; seconds and bytes a page.
THRESHER_WORKERS = 0
THRESHER_TIME_LIMIT = TIME_LIMIT
THRESHER_MEMORY_LIMIT = MEMORY_LIMIT

# What is taken for body: "precision", "balanced" or "recall"; and files of phrases of your own.
THRESHER_FAVOR = "balanced"
THRESHER_PHRASES: list[str] = []

# Outputs, in the folder where the command runs unless the command line or a caller names another.
THRESHER_OUTPUT = "output"
THRESHER_DATABASE = None  # an SQLAlchemy URL; None is thresher.db among the outputs, empty is no database
FEEDS = feeds()
FEED_URI_PARAMS = "pipelines.feeds.uri_params"
FEED_EXPORTERS = {"records": "pipelines.feeds.RecordExporter"}
FEED_STORAGES = {
    "": "pipelines.feeds.AppendingFileStorage",
    "file": "pipelines.feeds.AppendingFileStorage",
}

LOG_LEVEL = "INFO"
