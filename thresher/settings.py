"""Scrapy's settings of the project: polite to sites, bounded in time and size, nothing listening.

Settings of our own begin with `THRESHER_`. Every one can be overridden in the usual ways
(`scrapy crawl … -s NAME=value`).
"""

from pipelines.feeds import feeds
from pipelines.store.leases import LEASE
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

# What a host asks for itself: the longest Crawl-delay that is kept, seconds; the pause after a refusal
# (429, 503) that names none, twice as long with each in a row up to the largest; and the longest that is
# waited for a host, after which it is left alone for the rest of the run.
THRESHER_MAX_CRAWL_DELAY = 300.0
THRESHER_BACKOFF_BASE = 5.0
THRESHER_BACKOFF_MAX = 120.0
THRESHER_MAX_RETRY_AFTER = 600.0

# Networks that may be crawled although they are not public ("10.1.0.0/16"); see spiders/guard.py.
THRESHER_ALLOWED_NETWORKS: list[str] = []
TWISTED_DNS_RESOLVER = "spiders.guard.GuardedResolver"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}

# Sites crawled at the same time. Each asks one host at a time; sixteen keep the cleaning of two cores busy.
THRESHER_CONCURRENT_SITES = 16

# Items of one answer that are dealt with at the same time. Scrapy starts so many tasks for each answer, and a
# hundred of them take longer than the page; a WordPress API's hundred posts keep all workers busy with eight.
CONCURRENT_ITEMS = 8

# Bounds: no answer takes more time or memory than these. A page of 20 MiB holds no article.
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 5  # seconds; a page that is left later than that is there to be read
RETRY_TIMES = 2

# What is requested next comes from the frontier in the database, which knows depth and what was requested.
THRESHER_MEMORY = "pipelines.store.memory.StoreMemory"
THRESHER_LEASE = LEASE  # seconds after which a run that was not heard of has lost its sites
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# Nothing listens: either of these would open a local port that runs code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Every request ends as an item: what these do in silence by default, ours report.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.robots.RobotsMiddleware": 100,
    "spiders.backoff.BackoffMiddleware": 560,  # sees answers before Scrapy's retries at 550
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "spiders.redirects.ReportedMetaRefreshMiddleware": 580,
    "spiders.redirects.ReportedRedirectMiddleware": 600,
    "spiders.guard.AddressGuard": 950,  # next to the downloader: sees what is really asked for
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "spiders.throttle.HostThrottle": 0,
}
SPIDER_MIDDLEWARES = {
    "spiders.errors.SpiderErrorMiddleware": 10,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    # A request comes from the frontier, not from the answer that it is yielded after, and the spiders bound
    # the length of addresses themselves; each of these would be three generators more around every answer.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

ITEM_PIPELINES = {
    "pipelines.warc.WarcPipeline": 100,
    "pipelines.clean.CleanPipeline": 300,
    "pipelines.site_memory.SiteMemoryPipeline": 700,
    "pipelines.store.pipeline.StorePipeline": 800,
    "pipelines.deduplicate.DeduplicatePipeline": 850,
    "pipelines.figures.FiguresPipeline": 900,  # counts what is new, which the store tells
}

# Cleaning: 0 workers means one a processor; seconds and bytes a page.
THRESHER_WORKERS = 0
THRESHER_TIME_LIMIT = TIME_LIMIT
THRESHER_MEMORY_LIMIT = MEMORY_LIMIT

# What is taken for body: "precision", "balanced" or "recall"; and files of phrases of your own.
THRESHER_FAVOR = "balanced"
THRESHER_PHRASES: list[str] = []

# Whether text that a site repeats on many pages is typed as boilerplate where no rule knows it.
THRESHER_SITE_MEMORY = True

# Whether articles are compared with all others of the database, and their origins found.
THRESHER_DEDUPLICATE = True

# Outputs, in the folder where the command runs unless the command line or a caller names another.
THRESHER_OUTPUT = "output"
THRESHER_DATABASE = None  # an SQLAlchemy URL; None is thresher.db among the outputs, empty is no database
THRESHER_WARC = ""  # a folder for WARC archives of all that was sent and received; empty is none
THRESHER_WARC_SIZE = 1 << 30  # bytes of an archive, after which the next is begun
FEEDS = feeds()
FEED_URI_PARAMS = "pipelines.feeds.uri_params"
FEED_EXPORTERS = {"records": "pipelines.feeds.RecordExporter"}
FEED_STORAGES = {
    "": "pipelines.feeds.AppendingFileStorage",
    "file": "pipelines.feeds.AppendingFileStorage",
}

LOG_LEVEL = "INFO"
