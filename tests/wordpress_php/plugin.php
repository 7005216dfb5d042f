<?php
// WordPress may ask its own site over HTTP in spite of WP_HTTP_BLOCK_EXTERNAL.
add_filter('pre_http_request', fn() => new WP_Error('offline', 'HTTP requests are off'));

// Sitemaps say when posts changed, as WordPress's own do since 6.5 and those of the common plugins always did.
add_filter('wp_sitemaps_posts_entry', function ($entry, $post) {
    if (get_option('sitemap_lastmod')) {
        $entry['lastmod'] = get_post_modified_time(DATE_W3C, true, $post);
    }
    return $entry;
}, 10, 2);
