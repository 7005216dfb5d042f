CREATE TABLE runs (
    id INTEGER NOT NULL,
    job TEXT,
    spider TEXT NOT NULL,
    arguments JSON NOT NULL,
    started DATETIME NOT NULL,
    finished DATETIME,
    outcome TEXT,
    CONSTRAINT pk_runs PRIMARY KEY (id)
);
CREATE INDEX ix_runs_job ON runs (job);
CREATE TABLE pages (
    id INTEGER NOT NULL,
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    role TEXT NOT NULL,
    discovered_by TEXT NOT NULL,
    rank BIGINT NOT NULL,
    depth INTEGER NOT NULL,
    lastmod DATETIME,
    via TEXT,
    pass_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL,
    etag TEXT,
    last_modified TEXT,
    first_seen DATETIME NOT NULL,
    checked_at DATETIME,
    changed_at DATETIME,
    CONSTRAINT pk_pages PRIMARY KEY (id),
    CONSTRAINT uq_pages_key UNIQUE (key)
);
CREATE INDEX ix_pages_frontier ON pages (site, state, rank DESC, id);
CREATE INDEX ix_pages_via ON pages (via);
CREATE TABLE sites (
    site TEXT NOT NULL,
    pass_id INTEGER NOT NULL,
    pass_began DATETIME NOT NULL,
    pass_open BOOLEAN NOT NULL,
    holder TEXT,
    held_until DATETIME,
    CONSTRAINT pk_sites PRIMARY KEY (site)
);
CREATE TABLE cursors (
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    value JSON NOT NULL,
    changed_at DATETIME NOT NULL,
    CONSTRAINT pk_cursors PRIMARY KEY (site, name)
);
CREATE TABLE articles (
    id INTEGER NOT NULL,
    run_id INTEGER,
    schema_version INTEGER NOT NULL,
    url TEXT,
    canonical_url TEXT,
    site TEXT,
    title TEXT,
    authors JSON NOT NULL,
    published DATETIME,
    modified DATETIME,
    language TEXT,
    text TEXT NOT NULL,
    markdown TEXT NOT NULL,
    categories JSON NOT NULL,
    claimed_domain TEXT,
    claimed_name TEXT,
    claimed_kind TEXT,
    claimed_evidence TEXT,
    boilerplate JSON NOT NULL,
    warnings JSON NOT NULL,
    fetched_at DATETIME,
    discovered_by TEXT,
    lastmod DATETIME,
    revision INTEGER NOT NULL,
    revised_at DATETIME,
    checked_at DATETIME,
    gone_at DATETIME,
    digest TEXT NOT NULL,
    CONSTRAINT pk_articles PRIMARY KEY (id),
    CONSTRAINT uq_articles_url UNIQUE (url),
    CONSTRAINT fk_articles_run_id_runs FOREIGN KEY (run_id) REFERENCES runs (id)
);
CREATE INDEX ix_articles_site ON articles (site);
CREATE INDEX ix_articles_claimed_domain ON articles (claimed_domain);
CREATE INDEX ix_articles_published ON articles (published);
CREATE INDEX ix_articles_run_id ON articles (run_id);
CREATE TABLE rejections (
    id INTEGER NOT NULL,
    run_id INTEGER,
    url TEXT,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    status INTEGER,
    fetched_at DATETIME,
    discovered_by TEXT,
    CONSTRAINT pk_rejections PRIMARY KEY (id),
    CONSTRAINT uq_rejections_url UNIQUE (url),
    CONSTRAINT fk_rejections_run_id_runs FOREIGN KEY (run_id) REFERENCES runs (id)
);
CREATE INDEX ix_rejections_reason ON rejections (reason);
CREATE INDEX ix_rejections_run_id ON rejections (run_id);
CREATE TABLE site_runs (
    run_id INTEGER NOT NULL,
    site TEXT NOT NULL,
    discovered INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    "left" INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    revised INTEGER NOT NULL,
    unchanged_articles INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    rejects INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    median_words INTEGER,
    statuses JSON NOT NULL,
    reasons JSON NOT NULL,
    alarms JSON NOT NULL,
    CONSTRAINT pk_site_runs PRIMARY KEY (run_id, site),
    CONSTRAINT fk_site_runs_run_id_runs FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_site_runs_site ON site_runs (site);
CREATE TABLE blocks (
    article_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    type TEXT NOT NULL,
    confidence DOUBLE NOT NULL,
    reason TEXT NOT NULL,
    markup TEXT NOT NULL,
    path TEXT NOT NULL,
    hidden_in TEXT,
    repeats INTEGER,
    kept BOOLEAN NOT NULL,
    CONSTRAINT pk_blocks PRIMARY KEY (article_id, position),
    CONSTRAINT fk_blocks_article_id_articles FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_blocks_type ON blocks (type);
CREATE TABLE revisions (
    article_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    run_id INTEGER,
    revised_at DATETIME,
    replaced_at DATETIME NOT NULL,
    record JSON NOT NULL,
    CONSTRAINT pk_revisions PRIMARY KEY (article_id, revision),
    CONSTRAINT fk_revisions_article_id_articles FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
    CONSTRAINT fk_revisions_run_id_runs FOREIGN KEY (run_id) REFERENCES runs (id)
);
CREATE INDEX ix_revisions_run_id ON revisions (run_id);
