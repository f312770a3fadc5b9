namespace Enneo.Tests.Servers;

/// <summary>The settings of one rootless Dovecot 2.3.</summary>
internal static class DovecotConfiguration
{
    public static string Write(DovecotServer server, string folder, (string Uid, string Gid, string Group) account) => $$"""
        protocols = imap lmtp submission
        listen = 127.0.0.1
        base_dir = {{folder}}/run
        state_dir = {{folder}}/state
        log_path = {{folder}}/dovecot.log
        instance_name = t{{server.ImapPort}}
        default_internal_user = {{ServerFolder.User}}
        default_internal_group = {{account.Group}}
        default_login_user = {{ServerFolder.User}}
        default_process_limit = 2000
        default_client_limit = 8000
        default_vsz_limit = 0
        shutdown_clients = yes
        ssl = yes
        ssl_cert = <{{folder}}/tls/cert.pem
        ssl_key = <{{folder}}/tls/key.pem
        disable_plaintext_auth = yes
        auth_mechanisms = plain login
        auth_username_format = %Lu
        auth_failure_delay = 0
        auth_verbose = yes
        mail_max_userip_connections = 2000
        first_valid_uid = 1
        mail_home = {{folder}}/mail/%u
        mail_location = maildir:~/Maildir
        mail_plugins = $mail_plugins quota notify
        mailbox_list_index = yes
        mailbox_idle_check_interval = 1s
        maildir_very_dirty_syncs = no
        mail_fsync = never
        lock_method = fcntl
        imap_idle_notify_interval = 2 mins
        mail_attribute_dict = file:%h/dovecot-attributes
        hostname = localhost
        submission_relay_host = 127.0.0.1
        submission_relay_port = {{server.RelayPort}}
        submission_relay_trusted = no
        namespace inbox {
          inbox = yes
          separator = /
        {{string.Join('\n', new[] { "Sent", "Drafts", "Trash", "Junk", "Archive" }.Select(SpecialUse))}}
        }
        passdb {
          driver = static
          mechanisms = plain login
          args = password={{DovecotServer.Password}}
        }
        userdb {
          driver = static
          args = uid={{account.Uid}} gid={{account.Gid}} home={{folder}}/mail/%u allow_all_users=yes
        }
        service anvil {
          chroot =
          unix_listener anvil-auth-penalty {
            mode = 0
          }
        }
        service stats {
          chroot =
        }
        service auth {
          user = {{ServerFolder.User}}
          unix_listener auth-client {
            mode = 0666
          }
        }
        service auth-worker {
          user = {{ServerFolder.User}}
        }
        service imap-login {
          chroot =
          user = {{ServerFolder.User}}
          service_count = 0
          process_min_avail = 1
          process_limit = 4
          client_limit = 4000
          inet_listener imap {
            port = {{server.ImapPort}}
          }
          inet_listener imaps {
            port = {{server.ImapsPort}}
            ssl = yes
          }
        }
        service imap {
          process_limit = 2000
          service_count = 1
        }
        service submission-login {
          chroot =
          user = {{ServerFolder.User}}
          service_count = 0
          inet_listener submission {
            port = {{server.SubmissionPort}}
          }
        }
        service lmtp {
          user = {{ServerFolder.User}}
          inet_listener lmtp {
            port = {{server.LmtpPort}}
          }
        }
        service indexer-worker {
          user = {{ServerFolder.User}}
        }
        protocol imap {
          mail_plugins = $mail_plugins imap_quota imap_zlib
          imap_metadata = yes
        }
        protocol lmtp {
          postmaster_address = postmaster@example.test
        }
        plugin {
          quota = maildir:User quota
          quota_grace = 0
        }
        {{server.ExtraConfiguration}}

        """;

    private static string SpecialUse(string name) => $$"""
          mailbox {{name}} {
            auto = subscribe
            special_use = \{{name}}
          }
        """;
}
