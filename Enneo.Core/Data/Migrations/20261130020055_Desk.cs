using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Desk : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "answer_templates",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    MailboxIds = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_answer_templates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "helpdesk_lists",
                columns: table => new
                {
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    TakenOverAfter = table.Column<long>(type: "INTEGER", nullable: true),
                    TakenOverAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_helpdesk_lists", x => x.MailboxId);
                    table.ForeignKey(
                        name: "FK_helpdesk_lists_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "incoming_hooks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    KeyId = table.Column<long>(type: "INTEGER", nullable: true),
                    HasOwnKey = table.Column<bool>(type: "INTEGER", nullable: false),
                    Proof = table.Column<string>(type: "TEXT", nullable: false),
                    ProofHeader = table.Column<string>(type: "TEXT", nullable: true),
                    ProtectedSecret = table.Column<string>(type: "TEXT", nullable: false),
                    ProtectedEarlierSecret = table.Column<string>(type: "TEXT", nullable: true),
                    EarlierUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    WhenPath = table.Column<string>(type: "TEXT", nullable: true),
                    WhenValues = table.Column<string>(type: "TEXT", nullable: false),
                    Fields = table.Column<string>(type: "TEXT", nullable: false),
                    TagIds = table.Column<string>(type: "TEXT", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incoming_hooks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_incoming_hooks_api_keys_KeyId",
                        column: x => x.KeyId,
                        principalTable: "api_keys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_incoming_hooks_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "helpdesk_mails",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    InternetMessageId = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Assignee = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_helpdesk_mails", x => x.Id);
                    table.ForeignKey(
                        name: "FK_helpdesk_mails_helpdesk_lists_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "helpdesk_lists",
                        principalColumn: "MailboxId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "hook_calls",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    HookId = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    IsProven = table.Column<bool>(type: "INTEGER", nullable: false),
                    MessageKey = table.Column<string>(type: "TEXT", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    TicketId = table.Column<long>(type: "INTEGER", nullable: true),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: true),
                    Size = table.Column<int>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_hook_calls", x => x.Id);
                    table.ForeignKey(
                        name: "FK_hook_calls_incoming_hooks_HookId",
                        column: x => x.HookId,
                        principalTable: "incoming_hooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_helpdesk_mails_MailboxId",
                table: "helpdesk_mails",
                column: "MailboxId");

            migrationBuilder.CreateIndex(
                name: "IX_hook_calls_At",
                table: "hook_calls",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_hook_calls_HookId_IsProven_Id",
                table: "hook_calls",
                columns: new[] { "HookId", "IsProven", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_hook_calls_HookId_MessageKey",
                table: "hook_calls",
                columns: new[] { "HookId", "MessageKey" },
                unique: true,
                filter: "\"MessageKey\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_incoming_hooks_KeyId",
                table: "incoming_hooks",
                column: "KeyId");

            migrationBuilder.CreateIndex(
                name: "IX_incoming_hooks_MailboxId",
                table: "incoming_hooks",
                column: "MailboxId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "answer_templates");

            migrationBuilder.DropTable(
                name: "helpdesk_mails");

            migrationBuilder.DropTable(
                name: "hook_calls");

            migrationBuilder.DropTable(
                name: "helpdesk_lists");

            migrationBuilder.DropTable(
                name: "incoming_hooks");
        }
    }
}
