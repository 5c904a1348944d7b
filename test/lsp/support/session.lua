-- A session of Neovim without a window: what a user of it sees of a writer whose reader lost its barrier. The server's command
-- comes in BARRIERLENS_SERVER, the folder in BARRIERLENS_FOLDER; what is seen goes to seen.json in it, as one object.
local folder = vim.env.BARRIERLENS_FOLDER
local seen = {}

local function finish()
  local out = io.open(folder .. '/seen.json', 'w')
  out:write(vim.json.encode(seen))
  out:close()
  vim.cmd('qall!')
end

local function try(steps)
  local ok, message = pcall(steps)
  if not ok then seen.error = tostring(message) end
  finish()
end

try(function()
  local client = vim.lsp.start_client({
    name = 'barrierlens',
    cmd = vim.json.decode(vim.env.BARRIERLENS_SERVER),
    root_dir = folder,
  })
  vim.cmd('edit ' .. folder .. '/box.c')
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, client)

  local function ask(method, params)
    local replies = vim.lsp.buf_request_sync(buffer, method, params, 300000) or {}
    for _, reply in pairs(replies) do return reply.result, reply.error end
  end
  local function find(word)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local column = line:find(word, 1, true)
      if column then return { line = number - 1, character = column - 1 } end
    end
  end
  local function at(word)
    return { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = find(word) }
  end

  vim.wait(300000, function() return #vim.diagnostic.get(buffer) > 0 end, 50)
  seen.diagnostics = vim.tbl_map(function(each)
    return { line = each.lnum, message = each.message, severity = each.severity }
  end, vim.diagnostic.get(buffer))

  local found = vim.diagnostic.get(buffer)[1]
  local place = { line = found.lnum, character = found.col }
  local actions = ask('textDocument/codeAction', {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = { start = place, ['end'] = place },
    context = { diagnostics = {} },
  })
  seen.actions = vim.tbl_map(function(each) return each.title end, actions)
  local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
  vim.wait(300000, function() return #vim.diagnostic.get(buffer) == 0 end, 50)
  seen.left = #vim.diagnostic.get(buffer)

  seen.hover = ask('textDocument/hover', at('smp_wmb')).contents.value
  vim.wait(300000, function()
    seen.lenses = vim.tbl_map(function(each) return each.command.title end,
      ask('textDocument/codeLens', { textDocument = { uri = vim.uri_from_bufnr(buffer) } }))
    return seen.lenses[1] ~= nil and not seen.lenses[1]:find('being proved')
  end, 50)
  local function command(name)
    local site = at('smp_wmb')
    return ask('workspace/executeCommand', {
      command = name,
      arguments = { { uri = site.textDocument.uri, position = site.position } },
    })
  end
  seen.details = command('barrierlens.showDetails')
  seen.litmus = command('barrierlens.exportLitmus')
  seen.execution = command('barrierlens.showExecution')

  vim.cmd('undo')
  seen.undone = vim.deep_equal(before, vim.api.nvim_buf_get_lines(buffer, 0, -1, false))
end)
