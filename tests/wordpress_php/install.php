<?php
// Makes the database and an empty WordPress in it. Reads {title, theme, options} from standard input.
$order = json_decode(stream_get_contents(STDIN), true);
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$server = new mysqli('localhost', 'wordpress', '', '', 0, getenv('WORDPRESS_SOCKET'));
$server->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');

define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install($order['title'], 'admin', 'admin@' . $_SERVER['HTTP_HOST'], true, '', 'admin');
switch_theme($order['theme']);
foreach ($order['options'] as $name => $value) {
    update_option($name, $value);
}
foreach (get_posts(['post_type' => ['post', 'page'], 'numberposts' => -1, 'post_status' => 'any']) as $post) {
    wp_delete_post($post->ID, true);
}
delete_option('rewrite_rules');  // made anew by the next request, for the permalinks above
echo json_encode([]);
