import { useEffect, useRef, useState } from 'react'
import type { Message, Outgoing } from 'broadcast-socket-sdk'
import { CHAT, useBroadcast, useOutbox, usePresence, useSubscription } from './channels.js'
import type { Line } from './channels.js'
import { useCountedRender } from './renders.js'
import { journal, me } from './stores.js'

/** A room for all who have this page open. */
export function ChatPanel() {
  useCountedRender()
  const [name, setName] = useState(() => (localStorage.name as string | undefined) ?? `Guest ${me.slice(0, 3)}`)
  const { count, members } = usePresence<{ name: string }>(CHAT, { info: { name } })
  return (
    <section className="card chat" aria-labelledby="chat">
      <div className="title">
        <h2 id="chat">Chat</h2>
        <span className="pill small" title={members.map(({ info }) => info.name).join(', ')}>
          <span className="dot" aria-hidden="true" />
          {count} here
        </span>
      </div>
      <Lines name={name} />
      <Compose
        name={name}
        rename={(chosen) => {
          localStorage.name = chosen
          setName(chosen)
        }}
      />
    </section>
  )
}

function Lines({ name }: { name: string }) {
  const { messages } = useSubscription(CHAT, {
    last: 50,
    onGap: ({ reason }) => journal.add(`Some of the chat is gone (${reason}).`, 'bad'),
  })
  const outbox = useOutbox(CHAT)
  const waiting = new Map(outbox.messages.map((message) => [message.messageId, message]))
  // What has come is in the channel, even when its ack is late
  const arrived = new Set(messages.map(({ messageId }) => messageId))
  const list = useRef<HTMLOListElement>(null)
  const shown = messages.length + outbox.messages.length
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [shown])
  return (
    <ol className="lines" ref={list} role="log" tabIndex={0} aria-label="Messages">
      {shown === 0 && <li className="empty">Nobody has said anything yet.</li>}
      {messages.map((message) => (
        <ArrivedLine key={message.messageId} message={message} waiting={waiting.get(message.messageId)} />
      ))}
      {outbox.messages
        .filter(({ messageId }) => !arrived.has(messageId))
        .map((message) => (
          <li key={message.messageId} className="mine waiting">
            <p>
              <b>{name}</b> {(message.data as Line).text} <Tick status={message.status} />
            </p>
            <p className="fate">
              {message.status === 'failed' && <span className="bad">{message.error?.message} </span>}
              {message.status === 'failed' && (
                <button type="button" className="link" onClick={() => outbox.retry(message.messageId)}>
                  Try again
                </button>
              )}{' '}
              {message.status !== 'confirmed' && (
                <button type="button" className="link" onClick={() => outbox.cancel(message.messageId)}>
                  Cancel
                </button>
              )}
            </p>
          </li>
        ))}
    </ol>
  )
}

function ArrivedLine({ message, waiting }: { message: Message<Line>; waiting: Outgoing | undefined }) {
  const { by, from, text } = message.data
  return (
    <li className={by === me ? 'mine' : ''}>
      <p>
        <b>{from}</b> {text} {by === me && <Tick status={waiting?.status ?? 'confirmed'} />}
      </p>
    </li>
  )
}

const TICKS = {
  queued: ['◷', 'waits for a connection'],
  sent: ['✓', 'sent, not confirmed'],
  confirmed: ['✓✓', 'confirmed'],
  failed: ['!', 'failed'],
} as const

function Tick({ status }: { status: Outgoing['status'] }) {
  const [sign, meaning] = TICKS[status]
  return (
    <span className={`tick ${status}`} role="img" aria-label={meaning} title={meaning} data-status={status}>
      {sign}
    </span>
  )
}

function Compose({ name, rename }: { name: string; rename: (name: string) => void }) {
  const broadcast = useBroadcast()
  const [text, setText] = useState('')
  const [draft, setDraft] = useState(name)
  const send = () => {
    if (text.trim() === '') return
    // What becomes of it is shown by the outbox
    broadcast(CHAT, { by: me, from: name, text: text.trim() }).catch(() => undefined)
    setText('')
  }
  const take = () => {
    const chosen = draft.trim().slice(0, 40)
    if (chosen === '') setDraft(name)
    else if (chosen !== name) rename(chosen)
  }
  return (
    <form
      className="compose"
      onSubmit={(event) => {
        event.preventDefault()
        take()
        send()
      }}
    >
      <label>
        <span>Name</span>
        <input value={draft} maxLength={40} onChange={(event) => setDraft(event.target.value)} onBlur={take} />
      </label>
      <label className="grow">
        <span>Message</span>
        <input
          value={text}
          maxLength={500}
          autoComplete="off"
          placeholder="Also without a connection"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="primary">
        Send
      </button>
    </form>
  )
}
