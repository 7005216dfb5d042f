CREATE TABLE runs (
    id INTEGER NOT NULL,
    spider TEXT NOT NULL,
    arguments JSON NOT NULL,
    started DATETIME NOT NULL,
    finished DATETIME,
    CONSTRAINT pk_runs PRIMARY KEY (id)
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
    CONSTRAINT pk_articles PRIMARY KEY (id),
    CONSTRAINT uq_articles_url UNIQUE (url),
    CONSTRAINT fk_articles_run_id_runs FOREIGN KEY (run_id) REFERENCES runs (id)
);
CREATE INDEX ix_articles_site ON articles (site);
CREATE INDEX ix_articles_run_id ON articles (run_id);
CREATE INDEX ix_articles_claimed_domain ON articles (claimed_domain);
CREATE INDEX ix_articles_published ON articles (published);
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
CREATE INDEX ix_rejections_run_id ON rejections (run_id);
CREATE INDEX ix_rejections_reason ON rejections (reason);
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
