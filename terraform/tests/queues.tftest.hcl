# Queues of players that a function would refuse never reach one. The variable is asked alone: that is quick.
run "every_field" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [
      { name = "1v1", teams = 2, team_size = { min = 1, max = 1 } },
      {
        name               = "all_of-it"
        teams              = 4
        team_size          = { min = 2, max = 8 }
        acceptance_seconds = 20
        give_up_seconds    = 600
        battle             = { rules = "score_attack", options = { battle_seconds = 60 } }
        rules = [
          { kind = "distance", attribute = "skill", most = 100, widen = [{ after_seconds = 5, most = 200 }, { after_seconds = 9, most = null }] },
          { kind = "latency_sum", most = 150 },
          { kind = "common_region", attribute = "pings", most = 80 },
          { kind = "equal", attribute = "mode", widen = [{ after_seconds = 60, most = null }] },
          { kind = "blocklist", attribute = "blocked" },
        ]
      },
      { name = "nulls", teams = 2, team_size = { min = 1, max = 1 }, rules = null, acceptance_seconds = null, give_up_seconds = null, battle = null },
    ]
  }

  assert {
    condition     = length(var.queues) == 3
    error_message = "What a function reads must be taken."
  }
}

run "what_is_shipped" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = jsondecode(file("queues.default.json"))
  }

  assert {
    condition     = length(var.queues) == 2
    error_message = "What is shipped must be taken."
  }
}

run "no_list" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = "1v1"
  }

  expect_failures = [var.queues]
}

run "too_long" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [for number in range(60) : { name = "queue-${number}", teams = 2, team_size = { min = 1, max = 1 } }]
  }

  expect_failures = [var.queues]
}

run "unknown_field" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, give_up_second = 5 }]
  }

  expect_failures = [var.queues]
}

run "unknown_team_size" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1, mid = 1 } }]
  }

  expect_failures = [var.queues]
}

run "wrong_name" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "Q!", teams = 2, team_size = { min = 1, max = 1 } }]
  }

  expect_failures = [var.queues]
}

run "no_name" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ teams = 2, team_size = { min = 1, max = 1 } }]
  }

  expect_failures = [var.queues]
}

run "same_name" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 } }, { name = "q", teams = 2, team_size = { min = 1, max = 1 } }]
  }

  expect_failures = [var.queues]
}

run "alone" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 1, team_size = { min = 1, max = 2 } }]
  }

  expect_failures = [var.queues]
}

run "too_many" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 3, team_size = { min = 1, max = 11 } }]
  }

  expect_failures = [var.queues]
}

run "text_for_a_number" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = "2", team_size = { min = 1, max = 1 } }]
  }

  expect_failures = [var.queues]
}

run "half_a_player" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1.5 } }]
  }

  expect_failures = [var.queues]
}

run "waits_for_ever" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, give_up_seconds = 7201 }]
  }

  expect_failures = [var.queues]
}

run "never_accepted" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, acceptance_seconds = 0 }]
  }

  expect_failures = [var.queues]
}

run "unknown_battle" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, battle = { rules = "chess" } }]
  }

  expect_failures = [var.queues]
}

run "unknown_rule" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, rules = [{ kind = "nearness", attribute = "skill", most = 1 }] }]
  }

  expect_failures = [var.queues]
}

run "rule_without_most" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, rules = [{ kind = "distance", attribute = "skill" }] }]
  }

  expect_failures = [var.queues]
}

run "equal_with_most" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, rules = [{ kind = "equal", attribute = "mode", most = 1 }] }]
  }

  expect_failures = [var.queues]
}

run "rule_without_attribute" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, rules = [{ kind = "equal" }] }]
  }

  expect_failures = [var.queues]
}

run "unordered_widening" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, rules = [{ kind = "distance", attribute = "skill", most = 1, widen = [{ after_seconds = 5, most = 2 }, { after_seconds = 5, most = 3 }] }] }]
  }

  expect_failures = [var.queues]
}

run "widens_too_late" {
  command = plan

  module {
    source = "./tests/queues"
  }

  variables {
    queues = [{ name = "q", teams = 2, team_size = { min = 1, max = 1 }, give_up_seconds = 5, rules = [{ kind = "distance", attribute = "skill", most = 1, widen = [{ after_seconds = 6, most = 2 }] }] }]
  }

  expect_failures = [var.queues]
}
