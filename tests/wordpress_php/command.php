<?php
// Carries out a list of steps with WordPress's own functions; writes {id, link} for each.
$steps = json_decode(stream_get_contents(STDIN), true);
require __DIR__ . '/wp-load.php';

function farm_checked($result)
{
    if (!$result || is_wp_error($result)) {
        throw new Exception($result ? $result->get_error_message() : 'WordPress refused');
    }
    return $result;
}

function farm_author($name)
{
    $login = sanitize_title($name);
    $user = get_user_by('login', $login);
    return $user ? $user->ID : farm_checked(wp_insert_user([
        'user_login' => $login,
        'user_pass' => wp_generate_password(),
        'display_name' => $name,
        'role' => 'author',
    ]));
}

function farm_category($name)
{
    $term = term_exists($name, 'category') ?: farm_checked(wp_insert_term($name, 'category'));
    return (int) $term['term_id'];
}

function farm_create($step)
{
    $post = ['post_status' => 'publish', 'post_title' => $step['title'], 'post_content' => $step['content']];
    if ($step['date']) {
        $post += ['post_date_gmt' => $step['date'], 'post_date' => get_date_from_gmt($step['date'])];
    }
    $post['post_author'] = $step['author'] ? farm_author($step['author']) : 1;
    $post['post_category'] = $step['category'] ? [farm_category($step['category'])] : [];
    return farm_checked(wp_insert_post(wp_slash($post), true));
}

function farm_edit($step)
{
    $changes = array_filter(['post_title' => $step['title'], 'post_content' => $step['content']], 'is_string');
    return farm_checked(wp_update_post(wp_slash(['ID' => $step['id']] + $changes), true));
}

add_filter('wp_insert_post_data', function ($data) {
    global $step;
    $modified = $step['modified'] ?? null;
    $times = ['post_modified_gmt' => $modified, 'post_modified' => get_date_from_gmt($modified ?? '')];
    return $modified ? $times + $data : $data;
});

$done = [];
foreach ($steps as $step) {
    $id = match ($step['do']) {
        'create' => farm_create($step),
        'edit' => farm_edit($step),
        'trash' => farm_checked(wp_trash_post($step['id']))->ID,
        'delete' => farm_checked(wp_delete_post($step['id'], true))->ID,
        'option' => 0 * update_option($step['name'], $step['value']),
    };
    $done[] = ['id' => $id, 'link' => $id ? (string) get_permalink($id) : ''];
}
echo json_encode($done);
