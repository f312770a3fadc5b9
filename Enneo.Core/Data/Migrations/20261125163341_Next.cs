using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Next : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_Place_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.AddColumn<bool>(
                name: "AwaitsPerson",
                table: "server_changes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "FilingRefusal",
                table: "outbox",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsShadow",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "DisabledAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastSeenAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastUsedAt",
                table: "AspNetUserPasskeys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Address",
                table: "activity",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsAudited",
                table: "activity",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "authenticator_apps",
                columns: table => new
                {
                    UserId = table.Column<long>(type: "INTEGER", nullable: false),
                    ProtectedSecret = table.Column<string>(type: "TEXT", nullable: true),
                    PendingSecret = table.Column<string>(type: "TEXT", nullable: true),
                    AddedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastStep = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_authenticator_apps", x => x.UserId);
                    table.ForeignKey(
                        name: "FK_authenticator_apps_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Email = table.Column<string>(type: "TEXT", nullable: false),
                    NormalizedEmail = table.Column<string>(type: "TEXT", nullable: false),
                    DisplayName = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: false),
                    MailboxIds = table.Column<string>(type: "TEXT", nullable: false),
                    TokenHash = table.Column<string>(type: "TEXT", nullable: false),
                    InvitedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invitations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_grants",
                columns: table => new
                {
                    UserId = table.Column<long>(type: "INTEGER", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailbox_grants", x => new { x.UserId, x.MailboxId });
                    table.ForeignKey(
                        name: "FK_mailbox_grants_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_mailbox_grants_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "recovery_codes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    UserId = table.Column<long>(type: "INTEGER", nullable: false),
                    Sha256 = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recovery_codes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_recovery_codes_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "search_backlog",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_search_backlog", x => x.Id);
                    table.ForeignKey(
                        name: "FK_search_backlog_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<long>(type: "INTEGER", nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Method = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    LastSeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ProvenAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_sessions_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_junk",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Junk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"LastSentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_starred",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"IsStarred\"");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_trash",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Trash'");

            migrationBuilder.CreateIndex(
                name: "IX_activity_audited",
                table: "activity",
                column: "Sequence",
                filter: "IsAudited");

            migrationBuilder.CreateIndex(
                name: "IX_invitations_NormalizedEmail",
                table: "invitations",
                column: "NormalizedEmail",
                unique: true,
                filter: "\"AcceptedAt\" IS NULL AND \"WithdrawnAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_invitations_TokenHash",
                table: "invitations",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_grants_MailboxId",
                table: "mailbox_grants",
                column: "MailboxId");

            migrationBuilder.CreateIndex(
                name: "IX_recovery_codes_UserId_Sha256",
                table: "recovery_codes",
                columns: new[] { "UserId", "Sha256" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_search_backlog_MessageId",
                table: "search_backlog",
                column: "MessageId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sessions_UserId",
                table: "sessions",
                column: "UserId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "authenticator_apps");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "mailbox_grants");

            migrationBuilder.DropTable(
                name: "recovery_codes");

            migrationBuilder.DropTable(
                name: "search_backlog");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropIndex(
                name: "IX_tickets_junk",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_starred",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_trash",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_activity_audited",
                table: "activity");

            migrationBuilder.DropColumn(
                name: "AwaitsPerson",
                table: "server_changes");

            migrationBuilder.DropColumn(
                name: "FilingRefusal",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "IsShadow",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "DisabledAt",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "LastSeenAt",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "LastUsedAt",
                table: "AspNetUserPasskeys");

            migrationBuilder.DropColumn(
                name: "Address",
                table: "activity");

            migrationBuilder.DropColumn(
                name: "IsAudited",
                table: "activity");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Place_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "Place", "LastMessageAt", "Id" },
                filter: "\"Place\" <> 'Desk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id" },
                filter: "\"LastSentAt\" IS NOT NULL");
        }
    }
}
