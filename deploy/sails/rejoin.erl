%% Runs in each RabbitMQ node of a cluster, from its start to its end:
%% RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-run file eval /etc/rabbitmq/rejoin.erl"
%%
%% A node that was frozen or cut off for a moment is connected to the others again before it looks
%% whether it has a majority. So pause_minority does nothing, and nothing ever brings together
%% again what the two sides know of queues and exchanges. Such a node does here what it would have
%% done there: it stops, which sends its clients to the others, and starts with what those know.
%% Of two sides only the smaller one does.

Parted = fun() ->
    2 * length(rabbit_node_monitor:partitions()) > length(mnesia:system_info(db_nodes))
end,
Rejoin = fun() ->
    try
        rabbit:stop(),
        rabbit:start()
    catch
        _:Reason ->  % whoever keeps the node starts it again
            logger:error("cannot rejoin: ~p", [Reason]),
            halt(1)
    end
end,
Watch = fun Watch() ->
    timer:sleep(500),
    case catch Parted() of  % it fails while the node is paused or starting
        true ->
            logger:warning("parted from the majority, starting again"),
            rabbit_node_monitor:run_outside_applications(Rejoin, false);
        _ ->
            ok
    end,
    Watch()
end,
spawn(Watch).
