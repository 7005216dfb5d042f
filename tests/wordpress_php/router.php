<?php
// For PHP's built-in server: what is no file is WordPress's; each exchange is logged as a line of JSON.

// With the option `page_validators`, pages and sitemaps carry an ETag, as caches before a WordPress add it.
function farm_tag($body, $known)
{
    $tagged = array_filter(headers_list(), fn($header) => stripos($header, 'etag:') === 0);
    $path = $_SERVER['REQUEST_URI'];
    $other = $path === '/robots.txt' || str_starts_with($path, '/wp-json') || str_contains($path, 'rest_route=');
    $wanted = function_exists('get_option') && get_option('page_validators');
    if ($tagged || $other || !$wanted || http_response_code() !== 200) {
        return $body;
    }
    $tag = '"' . md5($body) . '"';
    header("ETag: $tag");
    if ($known === $tag) {
        header("{$_SERVER['SERVER_PROTOCOL']} 304 Not Modified", true, 304);
        return '';
    }
    return $body;
}

register_shutdown_function(function () {
    while (ob_get_level()) {
        ob_end_flush();
    }
    $validators = [];
    foreach (headers_list() as $header) {
        [$name, $value] = explode(':', $header, 2);
        if (in_array(strtolower($name), ['etag', 'last-modified'])) {
            $validators[strtolower($name)] = trim($value);
        }
    }
    $line = json_encode([
        'method' => $_SERVER['REQUEST_METHOD'],
        'path' => $_SERVER['REQUEST_URI'],
        'headers' => (object) array_change_key_case(getallheaders()),
        'status' => http_response_code(),
        'validators' => (object) $validators,
    ]);
    file_put_contents(__DIR__ . '/requests.jsonl', $line . PHP_EOL, FILE_APPEND | LOCK_EX);
});

$path = urldecode(explode('?', $_SERVER['REQUEST_URI'])[0]);
if ($path !== '/' && is_file(__DIR__ . $path)) {
    return false;
}
$known = $_SERVER['HTTP_IF_NONE_MATCH'] ?? '';
ob_start(fn($body) => farm_tag($body, $known));
unset($_SERVER['PATH_INFO']);
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = __DIR__ . '/index.php';
require __DIR__ . '/index.php';
