/** Every route and who may pass it. The last column names the setting that switches the route. */
export const ROUTES = `
  POST    /api/auth/register                                  public
  POST    /api/auth/verify                                    public
  POST    /api/auth/resend-verification                       public
  POST    /api/auth/login                                     public
  POST    /api/auth/login/mfa-confirm                         public
  POST    /api/auth/login/mfa-resend                          public
  POST    /api/auth/logout                                    user
  POST    /api/auth/forgot-password                           public
  POST    /api/auth/reset-password                            public
  POST    /api/auth/change-password                           user
  POST    /api/auth/reauthenticate                            user
  POST    /api/auth/change-email                              user
  POST    /api/auth/confirm-email-change                      public
  POST    /api/auth/undo-email-change                         public
  GET     /api/auth/me                                        user
  PATCH   /api/auth/me                                        user
  DELETE  /api/auth/account                                   user          enableAccountDeletion
  POST    /api/auth/account/delete                            user          enableAccountDeletion
  GET     /api/auth/sessions                                  user
  DELETE  /api/auth/sessions/:id                              fresh user
  POST    /api/auth/sessions/revoke-others                    fresh user
  POST    /api/auth/phone/start                               user          enableSms2fa
  POST    /api/auth/phone/confirm                             user          enableSms2fa
  DELETE  /api/auth/phone                                     user
  POST    /api/auth/phone/delete                              user
  POST    /api/auth/mfa/totp/start                            user          enableTotp
  POST    /api/auth/mfa/totp/confirm                          user          enableTotp
  DELETE  /api/auth/mfa/totp                                  user
  POST    /api/auth/mfa/totp/delete                           user
  POST    /api/auth/mfa/recovery-codes                        user
  POST    /api/auth/mfa/challenge                             user
  GET     /api/auth/admin/stats                               admin         enableAdminRouter
  GET     /api/auth/admin/users                               admin         enableAdminRouter
  GET     /api/auth/admin/users/:id                           admin         enableAdminRouter
  PATCH   /api/auth/admin/users/:id                           fresh admin   enableAdminRouter
  DELETE  /api/auth/admin/users/:id                           fresh admin   enableAdminRouter
  POST    /api/auth/admin/users/:id/resend-verification       admin         enableAdminRouter
  POST    /api/auth/admin/users/:id/revoke-sessions           fresh admin   enableAdminRouter
  GET     /api/auth/admin/audit                               admin         enableAdminRouter
  GET     /api/auth/admin/pending-registrations               admin         enableAdminRouter
  POST    /api/auth/admin/pending-registrations/:id/promote   fresh admin   enableAdminRouter
  GET     /api/auth/admin/outbox                              admin         enableAdminRouter
  POST    /api/auth/admin/outbox/:id/retry                    fresh admin   enableAdminRouter
  GET     /api/auth/health/live                               public
  GET     /api/auth/health/ready                              public

  GET     /account/verify                                     public
  POST    /account/verify                                     own page
  GET     /account/reset                                      public
  POST    /account/reset                                      own page
  GET     /account/confirm-email-change                       public
  POST    /account/confirm-email-change                       own page
  GET     /account/undo-email-change                          public
  POST    /account/undo-email-change                          own page

  GET     /account/login                                       page for all
  POST    /account/login                                       form for all
  POST    /account/logout                                      form of user
  GET     /account/mfa-confirm                                 page for all
  POST    /account/mfa-confirm                                 form for all
  GET     /account/mfa-resend                                  page for all
  POST    /account/mfa-resend                                  form for all
  GET     /account/register                                    page for all
  POST    /account/register                                    form for all
  GET     /account/check-mail                                  page for all
  POST    /account/check-mail                                  form for all
  GET     /account/forgot                                      page for all          enablePasswordReset
  POST    /account/forgot                                      form for all          enablePasswordReset
  GET     /account                                             page of user
  GET     /account/me                                          page of user
  POST    /account/me                                          form of user
  GET     /account/change-email                                page of user
  POST    /account/change-email                                form of user
  GET     /account/change-password                             page of user
  POST    /account/change-password                             form of user
  GET     /account/reauthenticate                              page of user
  POST    /account/reauthenticate                              form of user
  GET     /account/delete-account                              page of user          enableAccountDeletion
  POST    /account/delete-account                              form of user          enableAccountDeletion
  GET     /account/sessions                                    page of user
  GET     /account/sessions/end                                page of user
  POST    /account/sessions/end                                form of fresh user
  GET     /account/sessions/revoke-others                      page of user
  POST    /account/sessions/revoke-others                      form of fresh user
  GET     /account/mfa-enrol                                   page for all
  GET     /account/factors                                     page of user
  GET     /account/mfa/totp/start                              page for all          enableTotp
  POST    /account/mfa/totp/start                              form for all          enableTotp
  GET     /account/mfa/totp/confirm                            page for all          enableTotp
  POST    /account/mfa/totp/confirm                            form for all          enableTotp
  GET     /account/mfa/totp/delete                             page of user
  POST    /account/mfa/totp/delete                             form of user
  GET     /account/phone/start                                 page for all          enableSms2fa
  POST    /account/phone/start                                 form for all          enableSms2fa
  GET     /account/phone/confirm                               page for all          enableSms2fa
  POST    /account/phone/confirm                               form for all          enableSms2fa
  GET     /account/phone/delete                                page of user
  POST    /account/phone/delete                                form of user
  GET     /account/mfa/recovery-codes                          page of user
  POST    /account/mfa/recovery-codes                          form of user
  GET     /account/mfa/challenge                               page of user
  POST    /account/mfa/challenge                               form of user
  GET     /account/admin                                       page of admin         enableAdminRouter
  GET     /account/admin/users/:id                             page of admin         enableAdminRouter
  POST    /account/admin/users/:id                             form of fresh admin   enableAdminRouter
  GET     /account/admin/users/:id/disable                     page of admin         enableAdminRouter
  POST    /account/admin/users/:id/disable                     form of fresh admin   enableAdminRouter
  GET     /account/admin/users/:id/enable                      page of admin         enableAdminRouter
  POST    /account/admin/users/:id/enable                      form of fresh admin   enableAdminRouter
  GET     /account/admin/users/:id/promote                     page of admin         enableAdminRouter
  POST    /account/admin/users/:id/promote                     form of fresh admin   enableAdminRouter
  GET     /account/admin/users/:id/demote                      page of admin         enableAdminRouter
  POST    /account/admin/users/:id/demote                      form of fresh admin   enableAdminRouter
  GET     /account/admin/users/:id/revoke-sessions             page of admin         enableAdminRouter
  POST    /account/admin/users/:id/revoke-sessions             form of fresh admin   enableAdminRouter
  GET     /account/admin/users/:id/resend-verification         page of admin         enableAdminRouter
  POST    /account/admin/users/:id/resend-verification         form of admin         enableAdminRouter
  GET     /account/admin/users/:id/delete                      page of admin         enableAdminRouter
  POST    /account/admin/users/:id/delete                      form of fresh admin   enableAdminRouter
  GET     /account/admin/registrations                         page of admin         enableAdminRouter
  GET     /account/admin/registrations/:id/promote             page of admin         enableAdminRouter
  POST    /account/admin/registrations/:id/promote             form of fresh admin   enableAdminRouter
  GET     /account/admin/audit                                 page of admin         enableAdminRouter
  GET     /account/admin/outbox                                page of admin         enableAdminRouter
  GET     /account/admin/outbox/:id/retry                      page of admin         enableAdminRouter
  POST    /account/admin/outbox/:id/retry                      form of fresh admin   enableAdminRouter
  GET     /regstack-static/:file                               public

  GET     /host/open                                          unguarded
  POST    /host/open                                          unguarded
  GET     /host/public                                        public
  GET     /host/guarded                                       user
  POST    /host/guarded                                       user
  GET     /host/guarded/optional                              optional
  POST    /host/guarded/optional                              optional
  GET     /host/guarded/fresh                                 fresh user
  DELETE  /host/guarded/fresh                                 fresh user
  GET     /host/editors                                       editor
  POST    /host/editors                                       editor
  GET     /host/editors/texts                                 reader
  GET     /host/admin                                         admin
  POST    /host/admin/:id                                     admin
  DELETE  /host/admin/:id                                     fresh admin
  GET     /host/opened-admin                                  admin
  POST    /host/opened-admin/optional                         admin
`;
